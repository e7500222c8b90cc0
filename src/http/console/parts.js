// Small pieces that several views share.

import { html, useEffect, useMemo, useRef, useState } from "./htm-preact.js";
import { get } from "./api.js";
import { isChinese, t } from "./words.js";

export { html, useEffect, useMemo, useRef, useState };

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
  return Number.isNaN(date.getTime()) ? text : date.toLocaleTimeString("en-GB");
};

// In the reader's zone; in English year, month and day in the order that nobody mistakes.
export const bytes = (count) => {
  const [unit, size] = count < 1e3 ? ["byte", 1] : count < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return new Intl.NumberFormat(isChinese() ? "zh-CN" : "en", { style: "unit", unit, maximumFractionDigits: 1 }).format(count / size);
};

export const dateTime = (date) => date.toLocaleString(isChinese() ? "zh-CN" : "sv-SE", { hourCycle: "h23" });

export function length(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return t("seconds", seconds);
  if (seconds < 7200) return t("minutes", Math.round(seconds / 60));
  if (seconds < 172800) return t("hours", Math.round(seconds / 3600));
  return t("days", Math.round(seconds / 86400));
}

// Lines that are wanted at the same moment are asked for together, a request a document.
const AROUND = 4;
const AT_ONCE = 300;
let wanted = new Map();

function askSource(file, line) {
  if (wanted.size === 0) queueMicrotask(() => { const all = wanted; wanted = new Map(); for (const [name, waiting] of all) answer(name, waiting); });
  if (!wanted.has(file)) wanted.set(file, []);
  return new Promise((done, failed) => { wanted.get(file).push({ line, done, failed }); });
}

async function answer(file, waiting) {
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    const some = waiting.slice(at, at + AT_ONCE);
    const lines = [...new Set(some.map((one) => one.line))].join(",");
    try {
      const told = await get(`source?file=${encodeURIComponent(file)}&line=${lines}`);
      for (const { line, done } of some) done(told.lines.filter((row) => Math.abs(row.number - line) <= AROUND));
    } catch (error) { some.forEach((one) => one.failed(error)); }
  }
}

// A document's line with those around it.
export function Source({ source, plain }) {
  const cut = source.lastIndexOf(":");
  const [file, line] = [source.slice(0, cut), Number(source.slice(cut + 1))];
  const { value } = useAsked(() => line ? askSource(file, line) : Promise.resolve(null), [source]);
  if (!line) return null;
  return html`<figure class="source">${!plain && html`<figcaption class="mono soft">${source}</figcaption>`}
    ${value && html`<pre tabindex="0">${value.map((row) => html`<span class=${row.number === line ? "line marked" : "line"}><i>${row.number}</i>${row.text}\n</span>`)}</pre>`}</figure>`;
}

// What was opened from a list: it comes into sight and takes the keyboard; Escape leads back to where it was opened.
export function Pane({ label, close, children }) {
  const pane = useRef(null);
  useEffect(() => {
    const [opened, opener] = [pane.current, document.activeElement];
    opened.focus({ preventScroll: true });
    if (opened.getBoundingClientRect().top < 0 || opened.getBoundingClientRect().top > innerHeight / 2) opened.scrollIntoView();
    return () => { if (opener && opener.isConnected && (opened.contains(document.activeElement) || document.activeElement === document.body)) opener.focus(); };
  }, []);
  const key = (event) => { if (event.key === "Escape") { event.preventDefault(); close(); } };
  return html`<aside class="pane detail opened" tabindex="-1" ref=${pane} aria-label=${label} onKeyDown=${key}>${children}</aside>`;
}

// A form or a query, a pair a line, as its sender meant it.
// Of files, the kind and the size stand for what they hold.
export function Pairs({ text, parts }) {
  const file = (part) => [`${part.file} `, html`<span class="soft">${[part.type, bytes(part.size)].filter(Boolean).join(", ")}</span>`];
  const pairs = parts ? parts.map((part) => [part.name, part.file === undefined ? part.text : file(part)]) : [...new URLSearchParams(text)];
  return html`<dl class="pairs mono">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
