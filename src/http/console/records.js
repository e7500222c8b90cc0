// Records by collection, with the machine of their statuses drawn, and the back office's hand.

import { list, patch, post, remove } from "./api.js";
import { Doing, Problem, html, pretty, useAsked, useState } from "./parts.js";
import { Field } from "./people.js";
import { say } from "./reasons.js";
import { t } from "./words.js";

export function Records({ version, collections, endpoints }) {
  const [name, setName] = useState("");
  const collection = collections.find((one) => one.name === name) || collections[0];
  if (!collection) return html`<section><div class="pane"><h1>${t("records")}</h1><p class="empty">${t("noCollections")}</p></div></section>`;
  return html`<section aria-labelledby="records-title"><div class="pane">
    <h1 id="records-title">${t("records")}</h1>
    <div class="tabs" role="group" aria-label=${t("collection")}>${collections.map((one) => html`<button type="button" aria-pressed=${one === collection} onClick=${() => setName(one.name)}>${one.title || one.name}${one.title && one.title !== one.name ? html` <small class="soft mono">${one.name}</small>` : ""}</button>`)}</div>
    <${Collection} key=${collection.name} collection=${collection} endpoints=${endpoints} version=${version} />
  </div></section>`;
}

function Collection({ collection, endpoints, version }) {
  const path = `records/${encodeURIComponent(collection.name)}`;
  const { value, error } = useAsked(() => list(path, 1000), [version, collection.name]);
  const [open, setOpen] = useState(null);
  const [text, setText] = useState("");
  const items = value || [];
  const wanted = text.trim().toLowerCase();
  const shown = items.filter((item) => !wanted || JSON.stringify(item).toLowerCase().includes(wanted));
  const columns = [...new Set(items.slice(0, 50).flatMap((item) => Object.keys(item)))].filter((key) => key !== "id" && key !== "owner").slice(0, 6);
  return html`
    <p class="soft">${collection.name} · ${say(collection.because)} · ${collection.file}:${collection.line}</p>
    ${collection.machines.map((machine) => html`<${Machine} machine=${machine} items=${items} endpoints=${endpoints} />`)}
    <div class="bar"><input type="search" aria-label=${t("search")} placeholder=${t("search")} value=${text} onInput=${(e) => setText(e.target.value)} /></div>
    <${NewRecord} path=${path} />
    <${Problem} error=${error} />
    ${items.length === 0 ? html`<p class="empty">${t("noRecords")}</p>` : html`<div class="scroll"><table><thead><tr><th>id</th><th>${t("owner")}</th>${columns.map((column) => html`<th>${column}</th>`)}<th>${t("moveTo")}</th></tr></thead>
      <tbody>${shown.slice(0, 200).map((item) => html`<tr key=${item.id} class=${item.id === open ? "current" : ""}><td class="mono one"><button type="button" class="link mono" aria-expanded=${item.id === open} onClick=${() => setOpen(item.id === open ? null : item.id)}>${item.id}</button></td>
        <td class="mono one">${item.owner || "–"}</td>${columns.map((column) => html`<td class="cut" title=${told(item[column])}>${brief(item[column], collection, column)}</td>`)}
        <td class="buttons"><${Moves} item=${item} collection=${collection} path=${path} /></td></tr>
        ${item.id === open && html`<tr class="current"><td colspan=${columns.length + 3}><dl class="edit">${Object.entries(item).filter(([key]) => key !== "id").map(([key, value]) =>
          html`<${Field} key=${key} name=${key} value=${value} save=${(next) => patch(`${path}/${encodeURIComponent(item.id)}`, { [key]: next })} />`)}</dl>
          <${Doing} kind="small danger" work=${() => remove(`${path}/${encodeURIComponent(item.id)}`)}>${t("delete")}<//></td></tr>`}`)}</tbody></table></div>`}`;
}

const same = (one, other) => String(one) === String(other);

const told = (value) => value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

function brief(value, collection, column) {
  const machine = collection.machines.find((one) => one.field === column);
  const known = machine && machine.values.find((one) => same(one.value, value));
  const cut = told(value).slice(0, 200);
  return known ? html`<span class="chip">${cut} ${known.words}</span>` : cut;
}

// Where the documents' verbs lead from here.
function Moves({ item, collection, path }) {
  const moves = collection.machines.flatMap((machine) => machine.transitions
    .filter((move) => (move.from.length === 0 || move.from.some((from) => same(from, item[machine.field]))) && !same(move.to, item[machine.field]))
    .map((move) => ({ field: machine.field, to: move.to, words: (machine.values.find((one) => same(one.value, move.to)) || { words: "" }).words })));
  const unique = moves.filter((move, at) => moves.findIndex((other) => other.field === move.field && same(other.to, move.to)) === at);
  return html`<span class="buttons">${unique.map((move) => html`<${Doing} kind="small" work=${() => patch(`${path}/${encodeURIComponent(item.id)}`, { [move.field]: move.to })}>→ ${move.words || String(move.to)}<//>`)}</span>`;
}

function NewRecord({ path }) {
  const [text, setText] = useState("{\n  \"owner\": null\n}");
  return html`<details class="add"><summary>${t("newRecord")}</summary><label><span>${t("json")}</span><textarea class="mono" rows="5" value=${text} onInput=${(e) => setText(e.target.value)}></textarea></label>
    <${Doing} kind="primary" work=${() => post(path, JSON.parse(text))}>${t("create")}<//></details>`;
}

const ROW = 64;

// States in a column, each verb an arrow at the side: from the lower edge down on the right, back up on the left.
function Machine({ machine, items, endpoints }) {
  if (machine.values.length < 2 || machine.transitions.length === 0) return null;
  const at = new Map(machine.values.map((value, index) => [String(value.value), index]));
  const title = (id) => (endpoints.find((one) => one.id === id) || { title: id }).title;
  const arrows = machine.transitions.flatMap((move) => {
    const from = move.from.length ? move.from : machine.values.map((value) => value.value);
    return from.filter((one) => at.has(String(one)) && at.has(String(move.to)) && !same(one, move.to)).map((one) => ({ from: at.get(String(one)), to: at.get(String(move.to)), title: title(move.endpoint) }));
  });
  const height = machine.values.length * ROW + 8;
  const center = (index) => index * ROW + 26;
  const reach = (arrow, number) => 28 + Math.abs(arrow.to - arrow.from) * 22 + (number % 3) * 6;
  // No wider than its words, so that it can be read on a narrow screen.
  const room = (down) => 8 + Math.max(0, ...arrows.map((arrow, number) => (arrow.to > arrow.from) === down ? reach(arrow, number) * 0.8 + 4 + wide(shorten(arrow.title)) : 0));
  const box = Math.max(90, ...machine.values.map((value) => wide(shorten(`${value.value} ${value.words}`)) * 1.1 + 24));
  const x = room(false);
  const width = x + box + room(true);
  return html`<figure class="machine"><figcaption>${t("machine")}: <span class="mono">${machine.field}</span></figcaption>
    <svg viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="img" aria-label=${arrows.map((arrow) => `${machine.values[arrow.from].words} → ${machine.values[arrow.to].words}: ${arrow.title}`).join("; ")}>
      <defs><marker id=${`head-${machine.field}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z" /></marker></defs>
      ${arrows.map((arrow, number) => {
        const down = arrow.to > arrow.from;
        const side = down ? x + box : x;
        const far = reach(arrow, number) * (down ? 1 : -1);
        const [a, b] = [center(arrow.from) + 4, center(arrow.to) - 4];
        return html`<g><path class="arrow" d=${`M${side} ${a} C${side + far} ${a} ${side + far} ${b} ${side} ${b}`} marker-end=${`url(#head-${machine.field})`} />
          <text class="verb" x=${side + far * 0.8 + (down ? 4 : -4)} y=${(a + b) / 2 + 4} text-anchor=${down ? "start" : "end"}>${shorten(arrow.title)}</text></g>`;
      })}
      ${machine.values.map((value, index) => html`<g><rect class=${same(value.value, machine.initial) ? "state first" : "state"} x=${x} y=${center(index) - 20} width=${box} height="40" rx="9" />
        <text class="label" x=${x + box / 2} y=${center(index) - 1} text-anchor="middle">${shorten(`${value.value} ${value.words}`)}</text>
        <text class="count" x=${x + box / 2} y=${center(index) + 14} text-anchor="middle">${items.filter((item) => same(item[machine.field], value.value)).length}</text></g>`)}
    </svg></figure>`;
}

const shorten = (text) => text.length > 16 ? `${text.slice(0, 15)}…` : text;
// In the picture's units, at the size of its verbs.
const wide = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 12.5 : 7.5), 0);
