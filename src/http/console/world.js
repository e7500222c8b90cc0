// The world that the page looks at: which one, its time, its faults, its state in a file.

import { admin, chooseWorld, currentWorld, get, list, post, remove } from "./api.js";
import { Faults } from "./faults.js";
import { Doing, dateTime, html, useRef, useState } from "./parts.js";
import { t } from "./words.js";

export function World({ version, clock, worlds, endpoints, changed }) {
  return html`<section aria-labelledby="world-title"><div class="pane">
    <h1 id="world-title">${t("world")} <span class="mono">@${currentWorld()}</span></h1>
    <div class="cards"><${Clock} clock=${clock} /><${State} changed=${changed} /></div>
    <${Worlds} worlds=${worlds} changed=${changed} /><${Faults} version=${version} endpoints=${endpoints} />
  </div></section>`;
}

function Clock({ clock }) {
  const [by, setBy] = useState("2h");
  const move = (advance) => () => post("clock", { advance });
  return html`<div class="card"><h2>${t("clock")}</h2>
    <p class="big mono">${clock ? dateTime(new Date(clock.now)) : "–"}</p>
    <p class="soft">${clock && (clock.frozen ? t("frozen") : t("runs"))}</p>
    <p class="buttons"><${Doing} work=${move("1m")}>+1 ${t("minute")}<//><${Doing} work=${move("11m")}>+11 ${t("minute")}<//><${Doing} work=${move("1d")}>+1 ${t("day")}<//>
      ${clock && html`<${Doing} work=${() => post("clock", { freeze: !clock.frozen })}>${clock.frozen ? t("go") : t("stop")}<//>`}</p>
    <div class="bar"><label><span>${t("advance")}</span><input class="short mono" value=${by} onInput=${(e) => setBy(e.target.value)} /></label><${Doing} work=${() => post("clock", { advance: by })}>${t("advanceNow")}<//></div></div>`;
}

function State({ changed }) {
  const picked = useRef(null);
  const save = async () => {
    const state = await get("state");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(state)], { type: "application/json" }));
    link.download = `docsim-${currentWorld()}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const restore = async () => {
    const file = picked.current.files[0];
    if (!file) throw new Error(t("noFile"));
    await admin("PUT", "state", JSON.parse(await file.text()));
    picked.current.value = "";
    changed();
  };
  return html`<div class="card"><h2>${t("state")}</h2>
    <p class="buttons"><${Doing} work=${save}>${t("snapshot")}<//><${Doing} kind="danger" confirm=${t("resetSure")} work=${() => remove("state")}>${t("reset")}<//></p>
    <label><span>${t("restore")}</span><input type="file" accept="application/json,.json" ref=${picked} /></label><p><${Doing} work=${restore}>${t("restore")}<//></p></div>`;
}

function Worlds({ worlds, changed }) {
  const [name, setName] = useState("copy");
  const [seed, setSeed] = useState("");
  const use = (world) => { chooseWorld(world); changed(); };
  const fork = async () => {
    await post("worlds", seed ? { name, seed: Number(seed) } : { name, from: currentWorld() });
    use(name);
  };
  return html`<div class="card"><h2>${t("worlds")}</h2>
    <div class="scroll"><table><thead><tr><th>${t("name")}</th><th>${t("seed")}</th><th>${t("tokensIn")}</th><th>${t("actions")}</th></tr></thead><tbody>${worlds.map((world) => html`<tr class=${world.name === currentWorld() ? "current" : ""}>
      <td class="mono one">${world.name}</td><td class="mono one">${world.seed}</td><td>${world.tokens}</td><td class="buttons">
      ${world.name !== currentWorld() && html`<button type="button" class="small" onClick=${() => use(world.name)}>${t("choose")}</button>`}
      ${world.name !== "default" && html`<${Doing} kind="small danger" work=${async () => { await remove(`worlds/${encodeURIComponent(world.name)}`); if (world.name === currentWorld()) use("default"); }}>${t("removeWorld")}<//>`}</td></tr>`)}</tbody></table></div>
    <div class="bar"><label><span>${t("fork")}</span><input class="mono" value=${name} onInput=${(e) => setName(e.target.value)} /></label>
      <label><span>${t("seed")}</span><input class="short mono" inputmode="numeric" placeholder=${t("none")} value=${seed} onInput=${(e) => setSeed(e.target.value.replace(/\D/g, ""))} /></label>
      <${Doing} kind="primary" work=${fork}>${t("create")}<//></div></div>`;
}
