// What was asked and answered, as it comes; one request opened shows why.

import { apiBase, get } from "./api.js";
import { Copy, Json, Method, Pairs, Pane, Source, Status, bytes, clockTime, html, pretty, useMemo, useState } from "./parts.js";
import { say } from "./reasons.js";
import { t } from "./words.js";

// The page holds no more than this, and draws fewer.
export const KEPT = 1000;
const DRAWN = 200;

export function Traffic({ events, endpoints, worlds, lost, paused, setPaused, clear, older, chosen }) {
  const [text, setText] = useState("");
  const [endpoint, setEndpoint] = useState("");
  const [world, setWorld] = useState("");
  const [code, setCode] = useState("");
  const [open, setOpen] = useState(chosen ? Number(chosen) : null);
  const [scenario, setScenario] = useState(null);
  // What is no JSON comes as the detail of an answer, a refusal as the text of an error.
  const record = () => get("scenario").then((answer) => setScenario(answer.detail), (refused) => setScenario(`# ${refused.message}`));
  const titles = useMemo(() => new Map(endpoints.map((one) => [one.id, one.title])), [endpoints]);
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return events.filter((event) =>
      (!endpoint || event.endpoint === endpoint) && (!world || event.world === world) && (!code || codeOf(event) === code) && (!wanted || `${haystack(event)} ${titles.get(event.endpoint) || ""}`.toLowerCase().includes(wanted)));
  }, [events, text, endpoint, world, code, titles]);
  const codes = useMemo(() => [...new Set(events.map(codeOf))].sort(), [events]);
  const opened = open === null ? null : events.find((event) => event.number === open);
  return html`<section class=${opened ? "split" : ""} aria-labelledby="traffic-title">
    <div class="pane">
      <h1 id="traffic-title">${t("traffic")}</h1>
      <div class="bar">
        <input type="search" aria-label=${t("search")} placeholder=${t("filter")} value=${text} onInput=${(e) => setText(e.target.value)} />
        <select aria-label=${t("endpoint")} value=${endpoint} onChange=${(e) => setEndpoint(e.target.value)}>
          <option value="">${t("allEndpoints")}</option>
          ${endpoints.map((one) => html`<option value=${one.id}>${one.title}</option>`)}
        </select>
        <select aria-label=${t("code")} value=${code} onChange=${(e) => setCode(e.target.value)}>
          <option value="">${t("allCodes")}</option>
          ${[...new Set([...codes, code])].filter(Boolean).map((one) => html`<option>${one}</option>`)}
        </select>
        ${worlds.length > 1 && html`<select aria-label=${t("world")} value=${world} onChange=${(e) => setWorld(e.target.value)}>
          <option value="">${t("allWorlds")}</option>${worlds.map((one) => html`<option>${one.name}</option>`)}</select>`}
        <button type="button" aria-pressed=${paused} onClick=${() => setPaused(!paused)}>${paused ? t("resume") : t("pause")}</button>
        <button type="button" onClick=${clear}>${t("clear")}</button>
        <button type="button" title=${t("scenarioHint")} onClick=${record}>${t("scenario")}</button>
      </div>
      ${scenario !== null && html`<div role="region" aria-label=${t("scenario")}>
        <div class="bar"><p class="soft">${t("scenarioHint")}</p><${Copy} text=${scenario} />
          <button type="button" class="small" onClick=${() => setScenario(null)}>${t("close")}</button></div>
        <pre>${scenario}</pre></div>`}
      ${lost > 0 && html`<p class="note">${t("lost", lost)}</p>`}
      ${shown.length === 0 && html`<p class="empty">${t(events.length > 0 ? "nothingFound" : "noTraffic")}</p>`}
      <ol class="rows" aria-label=${t("traffic")}>
        ${shown.slice(0, DRAWN).map((event) => html`<li key=${event.number}>
          <button type="button" class=${`row ${open === event.number ? "current" : ""}`} aria-expanded=${open === event.number}
              onClick=${() => setOpen(open === event.number ? null : event.number)}>
            <span class="time mono">${clockTime(event.at)}</span>
            <${Method} method=${event.request.method} />
            <span class="path"><span class="mono">${event.request.path}</span> <span class="soft">${titles.get(event.endpoint) || ""}</span></span>
            <${Status} status=${event.reply.http_status} />
            <span class="code mono">${event.rule ? event.rule.code : ""}</span>
            <span class="reason">${say(event.rule ? event.rule.reason : detail(event))}</span>
            ${event.answered_by && html`<span class="chip">${event.answered_by}</span>`}
            ${event.drift && html`<span class="chip">≠ ${event.drift.length}</span>`}
            ${event.world !== "default" && html`<span class="chip">@${event.world}</span>`}
          </button></li>`)}
      </ol>
      ${older + Math.max(0, shown.length - DRAWN) > 0 && html`<p class="soft">${t("older", older + Math.max(0, shown.length - DRAWN))}</p>`}
    </div>
    ${opened && html`<${Opened} key=${opened.number} event=${opened} endpoint=${endpoints.find((one) => one.id === opened.endpoint)} close=${() => setOpen(null)} />`}
  </section>`;
}

// Of what no endpoint answered, the status is all there is.
const codeOf = (event) => event.rule ? event.rule.code : `HTTP ${event.reply.http_status}`;

const haystack = (event) => `${event.request.method} ${event.request.path}?${event.request.query} ${event.reply.http_status} ${event.rule ? `${event.rule.code} ${event.rule.reason} ${say(event.rule.reason)}` : ""} ${pretty(event.request.body) || ""} ${pretty(event.reply.body) || ""}`;

const detail = (event) => (event.reply.body && event.reply.body.detail) || "";

const isOfType = (event, type) => (event.request.headers["content-type"] || "").toLowerCase().startsWith(type);

const isForm = (event) => typeof event.request.body === "string" && isOfType(event, "application/x-www-form-urlencoded");

const isParts = (event) => Array.isArray(event.request.body) && isOfType(event, "multipart/");

function Opened({ event, endpoint, close }) {
  const near = (event.reply.body && event.reply.body.near) || [];
  return html`<${Pane} label=${t("request")} close=${close}>
    <div class="bar"><h2>${endpoint && html`${endpoint.title}<br />`}<${Method} method=${event.request.method} /> <span class="mono">${event.request.path}</span></h2>
      <${Copy} text=${curl(event)} label=${t("copyCurl")} /><button type="button" class="small" onClick=${close}>${t("close")}</button></div>
    ${event.rule && html`<h3>${t("why")}</h3>
      <p><b class="mono">${event.rule.code}</b> ${say(event.rule.reason)}</p><${Source} source=${event.rule.source} />`}
    ${event.answered_by && html`<p class="soft">${event.answered_by}${event.because ? ` (${say(event.because)})` : ""}</p>`}
    ${event.drift && html`<h3>${t("drift")}</h3><ul>${event.drift.map((one) => html`<li><b class="mono">${one.kind}</b> <span class="mono">${one.at}</span>
      ${t("driftLine", one.expected, one.got)}<${Source} source=${one.source} /></li>`)}</ul>`}
    ${near.length > 0 && html`<h3>${t("near")}</h3><ul>${near.map((one) => html`<li><span class="mono">${one.id}</span> ${one.title}</li>`)}</ul>`}
    <h3>${t("reply")} <${Status} status=${event.reply.http_status} /></h3><${Json} value=${event.reply.body} />
    <h3>${t("request")}</h3>
    ${event.request.query && html`<${Pairs} text=${event.request.query} />`}
    ${isForm(event) ? html`<${Pairs} text=${event.request.body} />` : isParts(event) ? html`<${Pairs} parts=${event.request.body} />` : html`<${Json} value=${event.request.body} />`}
    <details><summary>${t("headers", Object.keys(event.request.headers).length)}</summary><${Json} value=${event.request.headers} /></details>
    <h3>${t("changed")}</h3><${Changes} changes=${event.changes} />
    <p class="soft">${event.endpoint ? `${event.endpoint} · ` : ""}${event.took_us} µs · #${event.number} · ${t("tokensHidden")}</p>
  <//>`;
}

function Changes({ changes }) {
  if (!changes || changes.length === 0) return html`<p class="soft">${t("nothingChanged")}</p>`;
  const after = (change) => change.to !== undefined ? pretty(change.to) : change.record ? pretty(change.record.fields) : change.file ? bytes(change.file.size) : "";
  const had = changes.some((change) => change.from !== undefined);
  const about = (change) => change.record ? `${change.collection} ${change.record.id}` : change.token ? "token" : change.passcode ? change.passcode.phone : change.file ? change.file.path : change.collection || "";
  return html`<div class="scroll"><table><thead><tr><th>${t("change")}</th><th>${t("name")}</th>${had && html`<th>${t("before")}</th>`}<th>${t("after")}</th></tr></thead><tbody>
    ${changes.map((change) => html`<tr><td class="mono one">${change.change}</td><td>${about(change)} ${change.field ? html`<b>${change.field}</b>` : ""}</td>
      ${had && html`<td class="mono was">${change.from === undefined ? "" : pretty(change.from)}</td>`}
      <td class="mono is">${after(change)}</td></tr>`)}
  </tbody></table></div>`;
}

const quote = (word) => /^[\w/:.=@%,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

// The address that a request came to; the console's own may be another.
const cameTo = (host) => /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host || "") ? `http://${host}` : apiBase();

// curl takes signs in what follows -F for orders of its own: curl(1), -F and --form-string.
const inPart = (part) => part.file !== undefined ? ["-F", quote(`${part.name}=@${part.file}`)]
  : [/^[@<]|;/.test(part.text) ? "--form-string" : "-F", quote(`${part.name}=${part.text}`)];

function curl(event) {
  const { method, path, query, headers, body } = event.request;
  const base = cameTo(headers.host);
  const inPath = apiBase() === location.origin && event.world !== "default";
  const prefix = inPath ? `/@${event.world}` : "";
  const parts = ["curl", quote(`${base}${prefix}${path}${query ? `?${query}` : ""}`)];
  const inParts = isParts(event);
  const sent = inParts || body === null || body === undefined || body === "" ? null : typeof body === "string" ? body : JSON.stringify(body);
  if (method !== (sent === null && !inParts ? "GET" : "POST")) parts.push("-X", method);
  for (const name of ["content-type", "token", "authorization"]) {
    if (headers[name] && !(name === "content-type" && /x-www-form-urlencoded|^multipart/.test(headers[name]))) parts.push("-H", quote(`${name}: ${headers[name]}`));
  }
  if (!inPath && event.world !== "default") parts.push("-H", quote(`X-Docsim-World: ${event.world}`));
  if (sent !== null) parts.push("--data-raw", quote(sent));
  if (inParts) parts.push(...body.flatMap(inPart));
  return parts.join(" ");
}
