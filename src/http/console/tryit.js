// A form for an endpoint, filled in sensibly, that sends a real request to the simulated API.

import { call, get, list, post } from "./api.js";
import { Problem, html, pretty, useEffect, useMemo, useRef, useState } from "./parts.js";
import { say } from "./reasons.js";
import { t } from "./words.js";

const PASSWORDS = new Set(["password", "new-password", "old-password", "confirm-password", "pay-password"]);
const PEOPLE = new Set(["identity", "phone", "account"]);
const NEW_PEOPLE = new Set(["register", "send-passcode", "login-or-register"]);

const freshPhone = () => `13${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;

// The smallest there is: one pixel.
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const picture = () => new File([Uint8Array.from(atob(PICTURE), (letter) => letter.charCodeAt(0))], "picture.png", { type: "image/png" });

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
    else if (param.file === "base64") values[param.name] = param.demanded ? PICTURE : "";
    else if (param.file) values[param.name] = param.demanded ? picture() : "";
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
  const body = [];
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
    else body.push([name, value]);
  }
  const search = query.toString();
  const isJson = !reads && endpoint.body === "json" && body.length > 0 && !body.some(([, value]) => value instanceof File);
  if (isJson) headers["Content-Type"] = "application/json";
  const sent = isJson ? JSON.stringify(Object.fromEntries(body.map(([name, value]) => [name, member(known.get(name), value)]))) : form(body);
  return { method, path: `${path}${search ? `?${search}` : ""}`, headers, body: reads ? undefined : sent };
}

// Multipart where there is a file; the browser names its boundary.
function form(pairs) {
  if (!pairs.some(([, value]) => value instanceof File)) return new URLSearchParams(pairs);
  const parts = new FormData();
  for (const [name, value] of pairs) parts.append(name, value);
  return parts;
}

// A value in a JSON body: a number or a flag where the line's type says so.
function member(param, value) {
  const type = (param && param.type) || "";
  if (/bool/i.test(type) && /^(true|false)$/.test(value)) return value === "true";
  return /int|long|num|float|double|decimal/i.test(type) && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const placeholder = (name) => new RegExp(`:${escaped(name)}(?=/|$)|\\{${escaped(name)}\\}|(?<=/)${escaped(name)}(?=/|$)`);

// Chooses the file that a parameter carries, or whose text in base64 it carries.
function Picker({ param, value, choose }) {
  const field = useRef(null);
  // What is chosen is shown, whoever chose it.
  useEffect(() => {
    if (param.file === "base64" || field.current.files[0] === value) return;
    const files = new DataTransfer();
    if (value instanceof File) files.items.add(value);
    field.current.files = files.files;
  }, [value]);
  const read = async () => {
    const file = field.current.files[0];
    if (param.file !== "base64" || !file) { choose(file || ""); return; }
    const reader = new FileReader();
    reader.onload = () => choose(/data:/i.test(`${param.default || ""} ${param.description || ""}`) ? reader.result : reader.result.slice(reader.result.indexOf(",") + 1));
    reader.readAsDataURL(file);
  };
  return html`<input type="file" ref=${field} name=${`${param.name}-file`} aria-label=${`${param.name}: ${t("chooseFile")}`} onChange=${read} />`;
}

export function TryIt({ endpoint }) {
  const [values, setValues] = useState(null);
  const [reply, setReply] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  useEffect(() => { filled(endpoint).then(setValues, setError); }, []);
  const names = useMemo(() => values ? Object.keys(values) : [], [values && Object.keys(values).join()]);
  const set = (name, value) => setValues((known) => ({ ...known, [name]: value }));
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
      ${param(name).file !== "file" && html`<input name=${name} autocomplete="off" list=${param(name).one_of ? `values-${name}` : undefined} value=${typeof values[name] === "string" ? values[name] : ""} onInput=${(e) => set(name, e.target.value)} />`}
      ${param(name).file && html`<${Picker} param=${param(name)} value=${values[name]} choose=${(value) => set(name, value)} />`}
      ${role(name) === "passcode" && html`<button type="button" class="small" onClick=${() => passcode(name)}>${t("getCode")}</button>`}
      ${PEOPLE.has(role(name)) && html`<button type="button" class="small" onClick=${() => set(name, freshPhone())}>${t("fresh")}</button>`}</span></label>`)}</div>
    ${fixed.length > 0 && html`<details class="add"><summary>${t("fixed", fixed.length)}</summary><div class="fields">${fixed.map((name) => html`<label key=${name}><span class="mono">${name}</span>
      <input name=${name} autocomplete="off" value=${values[name]} onInput=${(e) => set(name, e.target.value)} /></label>`)}</div></details>`}
    <button type="submit" class="primary" disabled=${busy || !values}>${busy ? t("sending") : t("send")}</button>
    <${Problem} error=${error} />
    <div aria-live="polite">${reply && html`<p class="answer"><b>HTTP ${reply.status}</b> <span>${say(reply.rule)}</span> <span class="mono soft">${reply.source}</span></p><pre tabindex="0">${formatted(reply.text)}</pre>`}</div>
  </form>`;
}

function formatted(text) {
  try { return pretty(JSON.parse(text)); } catch { return text; }
}
