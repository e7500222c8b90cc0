// What is odd about the documents, and whether a save broke something.

import { Source, html, useState } from "./parts.js";
import { say } from "./reasons.js";
import { t } from "./words.js";

const ORDER = { error: 0, warning: 1, info: 2 };
const DRAWN = 300;

export function Problems({ diagnostics, generation }) {
  const [info, setInfo] = useState(false);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = diagnostics.filter((one) => info || one.severity !== "info");
  const shown = found.filter((one) => !wanted || `${one.rule} ${one.message} ${say(one.message)} ${one.file} ${one.endpoint} ${one.help}`.toLowerCase().includes(wanted));
  shown.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const kept = diagnostics.filter((one) => one.rule === "last-good-kept").length;
  return html`<section aria-labelledby="problems-title"><div class="pane">
    <h1 id="problems-title">${t("problems")}</h1>
    ${kept > 0 && html`<p class="note error" role="alert">${t("kept", kept)}</p>`}
    ${generation && html`<p class="soft">${t("served", generation.endpoints, generation.errors, generation.warnings)}</p>`}
    <div class="bar"><input type="search" aria-label=${t("search")} placeholder=${t("searchProblems")} value=${text} onInput=${(e) => setText(e.target.value)} />
      <label class="check"><input type="checkbox" checked=${info} onChange=${(e) => setInfo(e.target.checked)} /> ${t("showNotes")}</label></div>
    ${shown.length === 0 && html`<p class="empty">${found.length === 0 ? t("noProblems") : t("nothingFound")}</p>`}
    <ul class="found">${shown.slice(0, DRAWN).map((one) => html`<${Found} key=${`${one.file}:${one.line}:${one.column}:${one.rule}:${one.message}`} found=${one} />`)}</ul>
    ${shown.length > DRAWN && html`<p class="soft">${t("more", shown.length - DRAWN)}</p>`}
  </div></section>`;
}

// The line of what is wrong is shown at once, of what is only odd when it is asked for.
function Found({ found }) {
  const [open, setOpen] = useState(found.severity === "error" || found.rule === "last-good-kept");
  return html`<li class=${found.severity}>
    <p><span class=${`tag ${found.severity}`}>${t(found.severity)}</span> <b>${say(found.message)}</b> <span class="mono soft">${found.rule}</span></p>
    ${found.help && html`<p>${t("help")}: ${say(found.help)}</p>`}
    ${found.endpoint && html`<p><a class="mono" href=${`#/documents/${encodeURIComponent(found.endpoint)}`}>${found.endpoint}</a></p>`}
    <details open=${open} onToggle=${(e) => setOpen(e.currentTarget.open)}><summary class="mono">${found.file}:${found.line}:${found.column}</summary>
      ${open && html`<${Source} source=${`${found.file}:${found.line}`} plain=${true} />`}</details></li>`;
}
