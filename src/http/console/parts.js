// Small pieces that several views share.

import { html, useEffect, useState } from "./htm-preact.js";
import { t } from "./words.js";

export { html, useEffect, useState };
export { useCallback, useMemo, useRef } from "./htm-preact.js";

export const pretty = (value) => typeof value === "string" ? value : JSON.stringify(value, null, 2);

export function Json({ value }) {
  if (value === null || value === undefined || value === "") return html`<p class="soft">–</p>`;
  return html`<pre tabindex="0">${pretty(value)}</pre>`;
}

export function Copy({ text, label }) {
  const [done, setDone] = useState(false);
  const copy = async (event) => {
    event.stopPropagation();
    try { await navigator.clipboard.writeText(text); } catch { fallback(text); }
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<button type="button" class="small" onClick=${copy}>${done ? t("copied") : label || t("copy")}</button>`;
}

// Beyond loopback a page without TLS has no clipboard of its own.
function fallback(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export const Method = ({ method }) => html`<span class=${`method ${(method || "any").toLowerCase()}`}>${method || "ANY"}</span>`;

export const Sure = ({ confidence }) => html`<span class=${`sure ${confidence}`}>${t(confidence)}</span>`;

export function Status({ status }) {
  const kind = status === 0 ? "bad" : status < 300 ? "good" : status < 500 ? "odd" : "bad";
  return html`<span class=${`status ${kind}`}>${status || "–"}</span>`;
}

// Asks again whenever `when` changes; an error is shown in place of the value.
export function useAsked(ask, when) {
  const [state, setState] = useState({ value: null, error: null });
  useEffect(() => {
    let current = true;
    ask().then((value) => current && setState({ value, error: null }),
      (error) => current && setState((known) => ({ ...known, error })));
    return () => { current = false; };
  }, when);
  return state;
}

export const Problem = ({ error }) => error ? html`<p class="refused" role="alert">${error.message}</p>` : null;

// A button whose work may fail; what went wrong is said below it.
export function Doing({ work, children, kind = "", confirm: sure }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const run = async () => {
    if (sure && !window.confirm(sure)) return;
    setBusy(true);
    setError(null);
    try { await work(); } catch (caught) { setError(caught); }
    setBusy(false);
  };
  return html`<span class="doing"><button type="button" class=${kind} disabled=${busy} onClick=${run}>${children}</button>
    <${Problem} error=${error} /></span>`;
}

export const clockTime = (text) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
};

export function length(ms) {
  if (ms <= 0) return "0 s";
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

// A document's line with those around it.
export function Source({ source, ask }) {
  const cut = source.lastIndexOf(":");
  const [file, line] = [source.slice(0, cut), Number(source.slice(cut + 1))];
  const { value } = useAsked(() => line ? ask(file, line) : Promise.resolve(null), [source]);
  if (!line) return null;
  return html`<figure class="source"><figcaption class="mono soft">${source}</figcaption>
    ${value && html`<pre tabindex="0">${value.lines.map((row) => html`<span class=${row.number === line ? "line marked" : "line"}><i>${row.number}</i>${row.text}\n</span>`)}</pre>`}</figure>`;
}
