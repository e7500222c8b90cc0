// What goes wrong on purpose: the list of it, and the switches of one endpoint.

import { list, post, remove } from "./api.js";
import { Problem, Doing, html, useAsked, useState } from "./parts.js";
import { t } from "./words.js";

const HARMS = ["delay", "code", "500", "503", "reset", "empty", "truncate"];

const plain = (harm) => /^\d+$/.test(harm) ? { http_status: Number(harm) } : { abort: harm };
const codesOf = (endpoint) => [...new Set([...Object.keys(endpoint.codes), ...endpoint.checks.map((check) => check.code)])];
const told = (fault) => [fault.code && `${t("code")} ${fault.code}`, fault.http_status && `HTTP ${fault.http_status}`, fault.abort && t(`abort-${fault.abort}`),
  fault.delay && `${t("delay")} ${typeof fault.delay === "string" ? fault.delay : JSON.stringify(fault.delay)}`].filter(Boolean).join(", ");

// On is a fault of this endpoint that has no end of its own.
export function Switches({ endpoint, version }) {
  const { value, error } = useAsked(() => list("faults", 500), [version, endpoint.id]);
  const [failed, setFailed] = useState(null);
  const own = (value || []).filter((fault) => fault.endpoint === endpoint.id && !fault.times);
  const orders = [{ delay: "500ms" }, { delay: "3s" }, ...["500", "503", "reset", "empty", "truncate"].map(plain), ...codesOf(endpoint).map((code) => ({ code }))];
  const isOn = (order) => own.find((fault) => Object.entries(order).every(([name, wanted]) => fault[name] === wanted));
  const flip = async (order) => {
    const on = isOn(order);
    setFailed(null);
    try { await (on ? remove(`faults/${on.id}`) : post("faults", { endpoint: endpoint.id, ...order })); } catch (caught) { setFailed(caught); }
  };
  return html`<details class="add"><summary>${t("faults")}${own.length > 0 ? ` (${own.length})` : ""}</summary>
    <div class="switches">${orders.map((order) => html`<label class="check" key=${JSON.stringify(order)}><input type="checkbox" role="switch" checked=${Boolean(isOn(order))} disabled=${!value} onChange=${() => flip(order)} /> ${told(order)}</label>`)}</div>
    <${Problem} error=${failed || error} /></details>`;
}

export function Faults({ version, endpoints }) {
  const { value, error } = useAsked(() => list("faults", 500), [version]);
  const [endpoint, setEndpoint] = useState("");
  const [harm, setHarm] = useState("delay");
  const [code, setCode] = useState("");
  const [delay, setDelay] = useState("500ms");
  const [times, setTimes] = useState("");
  const chosen = endpoints.find((one) => one.id === endpoint);
  const codes = chosen ? codesOf(chosen) : [];
  const add = () => {
    const order = { ...(harm === "code" ? { code: code || codes[0] } : harm === "delay" ? { delay } : plain(harm)) };
    if (endpoint) order.endpoint = endpoint;
    if (times) order.times = Number(times);
    return post("faults", order);
  };
  const title = (id) => (endpoints.find((one) => one.id === id) || { title: id }).title;
  return html`<div class="card"><h2>${t("faults")}</h2><${Problem} error=${error} />
    ${(value || []).length === 0 ? html`<p class="soft">${t("noFaults")}</p>` : html`<div class="scroll"><table><thead><tr><th>${t("endpoint")}</th><th>${t("kind")}</th><th>${t("times")}</th><th>${t("used")}</th><th>${t("actions")}</th></tr></thead><tbody>
      ${value.map((fault) => html`<tr><td>${fault.endpoint ? title(fault.endpoint) : t("all")}</td><td>${told(fault)}</td><td>${fault.times || t("always")}</td><td>${fault.used}</td><td><${Doing} kind="small" work=${() => remove(`faults/${fault.id}`)}>${t("end")}<//></td></tr>`)}</tbody></table></div>`}
    <div class="bar">
      <label><span>${t("endpoint")}</span><select value=${endpoint} onChange=${(e) => setEndpoint(e.target.value)}><option value="">${t("allEndpoints")}</option>${endpoints.map((one) => html`<option value=${one.id}>${one.title}</option>`)}</select></label>
      <label><span>${t("kind")}</span><select value=${harm} onChange=${(e) => setHarm(e.target.value)}>${HARMS.filter((one) => one !== "code" || codes.length > 0).map((one) => html`<option value=${one}>${/^\d/.test(one) ? `HTTP ${one}` : one === "delay" || one === "code" ? t(one) : t(`abort-${one}`)}</option>`)}</select></label>
      ${harm === "code" && html`<label><span>${t("code")}</span><select value=${code} onChange=${(e) => setCode(e.target.value)}>${codes.map((one) => html`<option>${one}</option>`)}</select></label>`}
      ${harm === "delay" && html`<label><span>${t("delay")}</span><input class="short mono" value=${delay} onInput=${(e) => setDelay(e.target.value)} /></label>`}
      <label><span>${t("times")}</span><input class="short mono" inputmode="numeric" placeholder=${t("always")} value=${times} onInput=${(e) => setTimes(e.target.value.replace(/\D/g, ""))} /></label>
      <${Doing} kind="primary" work=${add}>${t("addFault")}<//></div></div>`;
}
