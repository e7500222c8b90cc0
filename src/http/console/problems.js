// What is odd about the documents, and whether a save broke something.

import { askSource } from "./traffic.js";
import { Source, html, useState } from "./parts.js";
import { t } from "./words.js";

export function Problems({ diagnostics, generation }) {
  const [info, setInfo] = useState(false);
  const shown = diagnostics.filter((found) => info || found.severity !== "info");
  const order = { error: 0, warning: 1, info: 2 };
  shown.sort((a, b) => order[a.severity] - order[b.severity]);
  const kept = diagnostics.filter((found) => found.rule === "last-good-kept").length;
  return html`<section aria-labelledby="problems-title"><div class="pane">
    <h1 id="problems-title">${t("problems")}</h1>
    ${kept > 0 && html`<p class="note error" role="alert">${t("kept", kept)}</p>`}
    ${generation && html`<p class="soft">${t("served", generation.endpoints, generation.errors, generation.warnings)}</p>`}
    <div class="bar"><label class="check"><input type="checkbox" checked=${info} onChange=${(e) => setInfo(e.target.checked)} /> ${t("info")}</label></div>
    ${shown.length === 0 && html`<p class="empty">${t("noProblems")}</p>`}
    <ul class="found">${shown.slice(0, 300).map((found) => html`<li key=${`${found.file}:${found.line}:${found.column}:${found.rule}`} class=${found.severity}>
      <p><span class=${`tag ${found.severity}`}>${t(found.severity)}</span> <b>${found.message}</b> <span class="mono soft">${found.rule}</span></p>
      ${found.help && html`<p>${t("help")}: ${found.help}</p>`}
      <details><summary class="mono">${found.file}:${found.line}:${found.column}</summary><${Source} source=${`${found.file}:${found.line}`} ask=${askSource} /></details></li>`)}</ul>
  </div></section>`;
}
