// The SMS inbox, and the accounts with what customer service can do to them.

import { get, list, patch, post, remove } from "./api.js";
import { Copy, Doing, Pane, Problem, clockTime, html, length, pretty, useAsked, useState } from "./parts.js";
import { t } from "./words.js";

export function Inbox({ version, now }) {
  const [phone, setPhone] = useState("13800000000");
  const { value, error } = useAsked(() => list("codes", 200), [version]);
  const codes = value || [];
  return html`<section aria-labelledby="inbox-title"><div class="pane">
    <h1 id="inbox-title">${t("inbox")}</h1>
    <form class="bar" onSubmit=${(e) => e.preventDefault()}>
      <label><span>${t("phone")}</span><input value=${phone} onInput=${(e) => setPhone(e.target.value)} /></label>
      <${Doing} kind="primary" work=${() => post("codes", { phone })}>${t("issue")}<//>
    </form>
    <${Problem} error=${error} />
    ${codes.length === 0 ? html`<p class="empty">${t("noCodes")}</p>` : html`<div class="scroll"><table><thead><tr><th>${t("phone")}</th><th>${t("passcode")}</th><th>${t("copy")}</th><th>${t("validFor")}</th><th>${t("purpose")}</th><th class="wide-only">${t("issued")}</th></tr></thead>
      <tbody>${codes.map((code) => {
        const left = now ? new Date(code.expires_at) - now : null;
        const dead = code.spent_at ? t("spent") : code.replaced ? t("replaced") : left !== null && left <= 0 ? t("expired") : "";
        return html`<tr class=${dead ? "dead" : ""}><td class="mono one">${code.phone}</td><td class="mono big one">${code.code}</td><td><${Copy} text=${code.code} /></td>
          <td class="one">${dead || (left === null ? "–" : length(left))}</td><td class="one">${code.purpose || t("anyPurpose")}</td><td class="mono one wide-only">${clockTime(code.issued_at)}</td></tr>`;
      })}</tbody></table></div>`}
  </div></section>`;
}

export function Accounts({ version, collections }) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(null);
  const { value, error } = useAsked(() => list("accounts", 2000), [version]);
  const wanted = text.trim().toLowerCase();
  const all = value || [];
  const accounts = all.filter((one) => !wanted || JSON.stringify(one).toLowerCase().includes(wanted));
  const opened = all.find((one) => one.id === open);
  return html`<section class=${opened ? "split" : ""} aria-labelledby="accounts-title"><div class="pane">
    <h1 id="accounts-title">${t("accounts")}</h1>
    <div class="bar"><input type="search" aria-label=${t("search")} placeholder=${t("search")} value=${text} onInput=${(e) => setText(e.target.value)} /></div>
    <${NewAccount} />
    <${Problem} error=${error} />
    ${all.length === 0 && html`<p class="empty">${t("noAccounts")}</p>`}
    ${accounts.length > 0 && html`<div class="scroll"><table><thead><tr><th>id</th><th>${t("identity")}</th><th>${t("status")}</th><th>${t("actions")}</th></tr></thead><tbody>
      ${accounts.slice(0, 300).map((one) => html`<tr key=${one.id} class=${one.id === open ? "current" : ""}>
        <td class="mono one">${one.id}</td>
        <td><button type="button" class="link mono one" aria-expanded=${one.id === open} onClick=${() => setOpen(one.id === open ? null : one.id)}>${one.identity}</button></td>
        <td class="one">${one.status_words}</td><td class="buttons"><${Actions} account=${one} /></td></tr>`)}
    </tbody></table></div>`}
  </div>
  ${opened && html`<${Account} key=${opened.id} account=${opened} version=${version} collections=${collections} close=${() => setOpen(null)} />`}</section>`;
}

const Actions = ({ account }) => account.actions.map((action) => html`<${Doing} kind=${`small ${action === "delete" || action === "freeze" ? "danger" : ""}`}
  work=${() => post(`accounts/${encodeURIComponent(account.id)}/actions`, { action })}>${t(action)}<//>`);

function NewAccount() {
  const [identity, setIdentity] = useState("");
  const [password, setPassword] = useState("abc12345");
  return html`<details class="add"><summary>${t("newAccount")}</summary><div class="bar">
    <label><span>${t("identity")}</span><input value=${identity} onInput=${(e) => setIdentity(e.target.value)} /></label>
    <label><span>${t("password")}</span><input value=${password} onInput=${(e) => setPassword(e.target.value)} /></label>
    <${Doing} kind="primary" work=${() => post("accounts", { identity, password })}>${t("create")}<//></div></details>`;
}

const OWN = new Set(["id", "identity", "status_words", "actions"]);

function Account({ account, version, collections, close }) {
  const path = `accounts/${encodeURIComponent(account.id)}`;
  const { value } = useAsked(() => list("tokens", 1000), [version]);
  const tokens = (value || []).filter((token) => token.account === account.id);
  const owned = useAsked(() => own(account, collections), [version, account.id]);
  const alive = tokens.filter((token) => token.alive);
  return html`<${Pane} label=${account.identity} close=${close}>
    <div class="bar"><h2 class="mono">${account.identity}</h2><span class="chip">${account.status_words}</span><button type="button" class="small" onClick=${close}>${t("close")}</button></div>
    <p class="buttons"><${Actions} account=${account} /></p>
    <h3>${t("fields")}</h3>
    <dl class="edit">${Object.entries(account).filter(([name]) => !OWN.has(name)).map(([name, value]) => html`<${Field} key=${name} name=${name} value=${value} save=${(next) => patch(path, { [name]: next })} />`)}</dl>
    <h3>${t("tokens")}</h3>
    ${alive.length === 0 ? html`<p class="soft">${t("noTokens")}</p>` : html`<ul class="tokens">${alive.map((token) => html`<li><span class="mono wrap">${token.token}</span> <${Copy} text=${token.token} />
        <${Doing} kind="small" work=${() => remove(`tokens/${encodeURIComponent(token.token)}`)}>${t("revoke")}<//></li>`)}</ul>
      <${Doing} work=${async () => { for (const token of alive) await remove(`tokens/${encodeURIComponent(token.token)}`); }}>${t("logoutAll")}<//>`}
    ${(owned.value || []).length > 0 && html`<h3>${t("own")}</h3>${owned.value.map(({ name, items }) => html`<h4>${name} (${items.length})</h4><pre tabindex="0">${pretty(items)}</pre>`)}`}
  <//>`;
}

async function own(account, collections) {
  const found = [];
  for (const collection of collections) {
    const items = (await list(`records/${encodeURIComponent(collection.name)}`, 200)).filter((item) => item.owner === account.identity || item.owner === account.id);
    if (items.length > 0) found.push({ name: collection.title || collection.name, items: items.slice(0, 20) });
  }
  return found;
}

// A value that is edited in place, in its own type.
export function Field({ name, value, save }) {
  const shown = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const [text, setText] = useState(null);
  const next = () => {
    if (typeof value === "string" || value === null) return text;
    try { return JSON.parse(text); } catch { return text; }
  };
  return html`<div><dt class="mono">${name}</dt><dd>
    <input class="mono" aria-label=${name} value=${text === null ? shown : text} onInput=${(e) => setText(e.target.value)} />
    ${text !== null && text !== shown && html`<${Doing} kind="small primary" work=${async () => { await save(next()); setText(null); }}>${t("save")}<//>
      <button type="button" class="small" onClick=${() => setText(null)}>${t("cancel")}</button>`}</dd></div>`;
}
