// The documents as their readers know them, and what was understood beside it.

import { Switches } from "./faults.js";
import { Json, Method, Sure, html, useState } from "./parts.js";
import { say } from "./reasons.js";
import { TryIt } from "./tryit.js";
import { t } from "./words.js";

// With what tells it from others of the same path.
const address = (endpoint) => endpoint.id.slice(endpoint.id.indexOf(" ") + 1);

export function Documents({ endpoints, reached, diagnostics, chosen, choose, version }) {
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
    ${endpoint && html`<${Endpoint} key=${endpoint.id} endpoint=${endpoint} version=${version} reached=${reached.get(endpoint.id) || new Map()}
        found=${diagnostics.filter((one) => one.endpoint === endpoint.id && one.severity !== "info")} />`}
  </section>`;
}

function Endpoint({ endpoint, reached, found, version }) {
  const listed = endpoint.params.filter((param) => !param.routes && (param.in !== "header" || param.default || param.required));
  return html`<article class="pane detail">
    <h2>${endpoint.title}</h2>
    <p><${Method} method=${endpoint.method} /> <span class="mono wrap">${address(endpoint)}</span>
      ${!endpoint.method && html`<span class="chip">${t("noMethod")}</span>`} ${endpoint.authenticated && html`<span class="chip">${t("needsLogin")}</span>`}</p>
    <p class="soft mono">${endpoint.file}:${endpoint.line}</p>
    ${found.map((one) => html`<p class=${`note ${one.severity}`}><b>${say(one.message)}</b> <span class="mono">:${one.line}</span>${one.help && html`<br />${t("help")}: ${say(one.help)}`}</p>`)}
    <${TryIt} endpoint=${endpoint} />
    <${Switches} endpoint=${endpoint} version=${version} />
    <h3>${t("parameters")}</h3>
    ${listed.length === 0 ? html`<p class="soft">${t("none")}</p>` : html`<div class="scroll"><table><thead><tr><th>${t("name")}</th><th>${t("where")}</th><th class="wide-only">${t("role")}</th><th>${t("meaning")}</th></tr></thead>
      <tbody>${listed.map((param) => html`<tr><td class="mono one">${param.name}${param.demanded ? html`<span class="star" title=${t("required")}>*</span>` : ""}</td><td class="one">${param.in}</td><td class="one wide-only">${param.role}</td>
        <td class="prose">${[param.type, param.default, param.description].filter(Boolean).join(" · ")}</td></tr>`)}</tbody></table></div>`}
    <h3>${t("codes")}</h3><${Codes} endpoint=${endpoint} reached=${reached} />
    <h3>${t("understood")}</h3>
    <p><b>${endpoint.operation}</b> <${Sure} confidence=${endpoint.operation_confidence} /> <span class="soft">${say(endpoint.operation_because)}</span></p>
    ${endpoint.checks.length > 0 && html`<h4>${t("checks")}</h4><ol class="checks">${endpoint.checks.map((check) => html`<li><b class="mono">${check.code}</b> ${check.message}
      <${Sure} confidence=${check.confidence} /><br /><span class="soft">${say(check.because)} <span class="mono">:${check.line}</span></span></li>`)}</ol>`}
    ${endpoint.effects.length > 0 && html`<h4>${t("then")}</h4><ul>${endpoint.effects.map((effect) => html`<li>${say(effect.effect)} <${Sure} confidence=${effect.confidence} /> <span class="soft">${say(effect.because)}</span></li>`)}</ul>`}
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
