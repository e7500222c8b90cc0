// The documents as their readers know them, what was understood beside it, and a form that sends a real request.

import { call, get, list, post } from "./api.js";
import { Json, Method, Problem, Sure, html, pretty, useEffect, useMemo, useState } from "./parts.js";
import { t } from "./words.js";

// With what tells it from others of the same path.
const address = (endpoint) => endpoint.id.slice(endpoint.id.indexOf(" ") + 1);

export function Documents({ endpoints, reached, diagnostics, chosen, choose }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = endpoints.filter((one) => !wanted || `${one.title} ${one.id} ${one.operation}`.toLowerCase().includes(wanted));
  const endpoint = endpoints.find((one) => one.id === chosen) || shown[0];
  if (endpoints.length === 0) return html`<section><h1>${t("documents")}</h1><p class="empty">${t("noDocuments")}</p></section>`;
  return html`<section class="split list" aria-labelledby="documents-title">
    <nav class="pane index" aria-label=${t("endpoint")}>
      <h1 id="documents-title">${t("documents")}</h1>
      <input type="search" aria-label=${t("search")} placeholder=${t("search")} value=${text} onInput=${(e) => setText(e.target.value)} />
      <ul>${shown.map((one) => html`<li key=${one.id}><button type="button" class=${`row ${endpoint && one.id === endpoint.id ? "current" : ""}`}
          aria-current=${endpoint && one.id === endpoint.id ? "true" : undefined} onClick=${() => choose(one.id)}>
        <span class="title">${one.title}</span><span class="sub"><${Method} method=${one.method} /> <span class="mono">${address(one)}</span></span>
        ${diagnostics.some((found) => found.endpoint === one.id && found.severity !== "info") && html`<span class="dot" title=${t("problems")}></span>`}
      </button></li>`)}</ul>
    </nav>
    ${endpoint && html`<${Endpoint} key=${endpoint.id} endpoint=${endpoint} reached=${reached.get(endpoint.id) || new Map()}
        found=${diagnostics.filter((one) => one.endpoint === endpoint.id && one.severity !== "info")} />`}
  </section>`;
}

function Endpoint({ endpoint, reached, found }) {
  const listed = endpoint.params.filter((param) => !param.routes && (param.in !== "header" || param.default || param.required));
  return html`<article class="pane detail">
    <h2>${endpoint.title}</h2>
    <p><${Method} method=${endpoint.method} /> <span class="mono wrap">${address(endpoint)}</span>
      ${!endpoint.method && html`<span class="chip">${t("noMethod")}</span>`} ${endpoint.authenticated && html`<span class="chip">${t("needsLogin")}</span>`}</p>
    <p class="soft mono">${endpoint.file}:${endpoint.line}</p>
    ${found.map((one) => html`<p class=${`note ${one.severity}`}><b>${one.message}</b> <span class="mono">:${one.line}</span>${one.help && html`<br />${t("help")}: ${one.help}`}</p>`)}
    <${TryIt} endpoint=${endpoint} />
    <h3>${t("parameters")}</h3>
    ${listed.length === 0 ? html`<p class="soft">${t("none")}</p>` : html`<div class="scroll"><table><thead><tr><th>${t("name")}</th><th>${t("where")}</th><th class="wide-only">${t("role")}</th><th>${t("meaning")}</th></tr></thead>
      <tbody>${listed.map((param) => html`<tr><td class="mono one">${param.name}${param.demanded ? html`<span class="star" title=${t("required")}>*</span>` : ""}</td><td class="one">${param.in}</td><td class="one wide-only">${param.role}</td>
        <td class="prose">${[param.type, param.default, param.description].filter(Boolean).join(" · ")}</td></tr>`)}</tbody></table></div>`}
    <h3>${t("codes")}</h3><${Codes} endpoint=${endpoint} reached=${reached} />
    <h3>${t("understood")}</h3>
    <p><b>${endpoint.operation}</b> <${Sure} confidence=${endpoint.operation_confidence} /> <span class="soft">${endpoint.operation_because}</span></p>
    ${endpoint.checks.length > 0 && html`<h4>${t("checks")}</h4><ol class="checks">${endpoint.checks.map((check) => html`<li><b class="mono">${check.code}</b> ${check.message}
      <${Sure} confidence=${check.confidence} /><br /><span class="soft">${check.because} <span class="mono">:${check.line}</span></span></li>`)}</ol>`}
    ${endpoint.effects.length > 0 && html`<h4>${t("then")}</h4><ul>${endpoint.effects.map((effect) => html`<li>${effect.effect} <${Sure} confidence=${effect.confidence} /> <span class="soft">${effect.because}</span></li>`)}</ul>`}
    <h3>${t("examples")}</h3>
    ${endpoint.successes.map((value) => html`<h4>${t("success")}</h4><${Json} value=${value} />`)}
    ${endpoint.errors.map((value) => html`<h4>${t("error")}</h4><${Json} value=${value} />`)}
  </article>`;
}

function Codes({ endpoint, reached }) {
  const known = new Map([["success", t("success")]]);
  for (const [code, text] of Object.entries(endpoint.codes)) known.set(code, text);
  for (const check of endpoint.checks) if (!known.has(check.code)) known.set(check.code, check.message);
  return html`<ul class="codes">${[...known].map(([code, text]) => {
    const count = reached.get(code) || 0;
    return html`<li class=${count ? "yes" : ""}><b class="mono">${code}</b> <span>${text === code ? "" : text}</span>
      <span class="soft">${count ? `${t("reached")} ×${count}` : t("notReached")}</span></li>`;
  })}</ul>`;
}

const PASSWORDS = new Set(["password", "new-password", "old-password", "confirm-password", "pay-password"]);
const PEOPLE = new Set(["identity", "phone", "account"]);
const NEW_PEOPLE = new Set(["register", "send-passcode", "login-or-register"]);

const freshPhone = () => `13${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;

// What a client would send: somebody who exists where somebody has to, else somebody new.
async function filled(endpoint) {
  const [accounts, tokens, codes] = await Promise.all([get("accounts?limit=1"), get("tokens?limit=50"), get("codes?limit=50")]);
  const known = accounts.items[0] && accounts.items[0].identity;
  const phone = !known || NEW_PEOPLE.has(endpoint.operation) ? (codes.items[0] && endpoint.operation === "register" && !codes.items[0].spent_at ? codes.items[0].phone : freshPhone()) : known;
  const alive = tokens.items.find((token) => token.alive);
  const values = {};
  for (const param of endpoint.params) {
    const plain = param.default && /^[\x20-\x7e]+$/.test(param.default) ? param.default : "";
    if (param.discriminates) values[param.name] = param.default || "";
    else if (PEOPLE.has(param.role)) values[param.name] = phone;
    else if (param.role === "passcode") values[param.name] = (codes.items.find((code) => code.phone === phone && !code.spent_at) || { code: "" }).code;
    else if (PASSWORDS.has(param.role)) values[param.name] = "abc12345";
    else if (param.role === "token") values[param.name] = alive ? (/bearer/i.test(`${param.default || ""} ${param.description || ""}`) ? `Bearer ${alive.token}` : alive.token) : "";
    else if (param.role === "email") values[param.name] = "me@example.com";
    else if (param.role === "real-name") values[param.name] = "张三";
    else if (param.role === "id-card") values[param.name] = "11010519491231002X";
    else if (param.in === "header") values[param.name] = "";
    else if (param.one_of) values[param.name] = param.one_of.includes(param.default) ? param.default : param.demanded ? param.one_of[0] : "";
    else if (param.range) values[param.name] = plain || (param.demanded ? String(param.range[0]) : "");
    else values[param.name] = plain || (param.demanded ? "1" : "");
  }
  if (endpoint.authenticated && !endpoint.params.some((param) => param.role === "token")) values.token = alive ? alive.token : "";
  return values;
}

function request(endpoint, values) {
  let path = endpoint.path;
  const query = new URLSearchParams();
  const body = new URLSearchParams();
  const headers = {};
  const inBody = endpoint.params.some((param) => param.in === "body");
  const method = endpoint.method || (inBody ? "POST" : "GET");
  const reads = method === "GET" || method === "DELETE";
  const known = new Map(endpoint.params.map((param) => [param.name, param]));
  for (const [name, value] of Object.entries(values)) {
    const param = known.get(name);
    if (value === "") {
      if (param && param.in === "pathinfo") path = path.replace(new RegExp(`/${escaped(name)}/[^/]+`), "");
      continue;
    }
    const where = param ? param.in : reads ? "query" : "body";
    if (where === "path") path = path.replace(placeholder(name), encodeURIComponent(value));
    else if (where === "pathinfo") path = path.replace(new RegExp(`/${escaped(name)}/[^/]+`), () => `/${name}/${encodeURIComponent(value)}`);
    else if (where === "header") headers[name] = value;
    else if (where === "query" || reads) query.append(name, value);
    else body.append(name, value);
  }
  const search = query.toString();
  const isJson = !reads && endpoint.body === "json" && [...body].length > 0;
  if (isJson) headers["Content-Type"] = "application/json";
  const sent = isJson ? JSON.stringify(Object.fromEntries([...body].map(([name, value]) => [name, member(known.get(name), value)]))) : body;
  return { method, path: `${path}${search ? `?${search}` : ""}`, headers, body: reads ? undefined : sent };
}

// A value in a JSON body: a number or a flag where the line's type says so.
function member(param, value) {
  const type = (param && param.type) || "";
  if (/bool/i.test(type) && /^(true|false)$/.test(value)) return value === "true";
  return /int|long|num|float|double|decimal/i.test(type) && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const placeholder = (name) => new RegExp(`:${escaped(name)}(?=/|$)|\\{${escaped(name)}\\}|(?<=/)${escaped(name)}(?=/|$)`);

function TryIt({ endpoint }) {
  const [values, setValues] = useState(null);
  const [reply, setReply] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  useEffect(() => { filled(endpoint).then(setValues, setError); }, []);
  const names = useMemo(() => values ? Object.keys(values) : [], [values && Object.keys(values).join()]);
  const set = (name, value) => setValues({ ...values, [name]: value });
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try { setReply(await call(request(endpoint, values))); } catch (caught) { setError(caught); }
    setBusy(false);
  };
  const param = (name) => endpoint.params.find((one) => one.name === name) || { role: "token" };
  const role = (name) => param(name).role;
  const fixed = names.filter((name) => param(name).routes);
  const passcode = async (name) => {
    const who = endpoint.params.find((param) => PEOPLE.has(param.role) || param.role === "email");
    const phone = who ? values[who.name] : (await list("accounts", 1)).map((one) => one.identity)[0];
    try { set(name, (await post("codes", { phone })).code); setError(null); } catch (caught) { setError(caught); }
  };
  return html`<form class="try" onSubmit=${send} aria-label=${t("tryIt")}>
    <h3>${t("tryIt")}</h3>
    <div class="fields">${names.filter((name) => !fixed.includes(name)).map((name) => html`<label key=${name}><span><span class="mono">${name}</span>${param(name).demanded ? html`<span class="star" title=${t("required")}>*</span>` : ""} ${param(name).description}</span>
      <span class="with">${param(name).one_of && html`<datalist id=${`values-${name}`}>${param(name).one_of.map((one) => html`<option value=${one}></option>`)}</datalist>`}
      <input name=${name} autocomplete="off" list=${param(name).one_of ? `values-${name}` : undefined} value=${values[name]} onInput=${(e) => set(name, e.target.value)} />
      ${role(name) === "passcode" && html`<button type="button" class="small" onClick=${() => passcode(name)}>${t("getCode")}</button>`}
      ${PEOPLE.has(role(name)) && html`<button type="button" class="small" onClick=${() => set(name, freshPhone())}>${t("fresh")}</button>`}</span></label>`)}</div>
    ${fixed.length > 0 && html`<details class="add"><summary>${t("fixed", fixed.length)}</summary><div class="fields">${fixed.map((name) => html`<label key=${name}><span class="mono">${name}</span>
      <input name=${name} autocomplete="off" value=${values[name]} onInput=${(e) => set(name, e.target.value)} /></label>`)}</div></details>`}
    <button type="submit" class="primary" disabled=${busy || !values}>${busy ? t("sending") : t("send")}</button>
    <${Problem} error=${error} />
    <div aria-live="polite">${reply && html`<p class="answer"><b>HTTP ${reply.status}</b> <span>${reply.rule}</span> <span class="mono soft">${reply.source}</span></p><pre tabindex="0">${formatted(reply.text)}</pre>`}</div>
  </form>`;
}

function formatted(text) {
  try { return pretty(JSON.parse(text)); } catch { return text; }
}
