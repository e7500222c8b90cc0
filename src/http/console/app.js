// The page: what it knows, kept up to date by the events, and the view that is chosen.

import { currentWorld, chooseWorld, follow, get, list, soon } from "./api.js";
import { Documents } from "./documents.js";
import { render } from "./htm-preact.js";
import { dateTime, html, useEffect, useRef, useState } from "./parts.js";
import { Accounts, Inbox } from "./people.js";
import { Problems } from "./problems.js";
import { say } from "./reasons.js";
import { Records } from "./records.js";
import { KEPT, Traffic } from "./traffic.js";
import { isChinese, setChinese, t } from "./words.js";
import { World } from "./world.js";

const VIEWS = ["traffic", "documents", "inbox", "accounts", "records", "world", "problems"];
// Events are drawn together, so many a second at most, however fast they come.
const DRAW_EVERY = 120;

const fromHash = () => {
  const [view, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { view: VIEWS.includes(view) ? view : "traffic", rest: rest.length ? decodeURIComponent(rest.join("/")) : "" };
};

const readClock = (told) => ({ world: new Date(told.now), here: Date.now(), frozen: told.frozen });

// What a bad save broke, and that the last good version is served.
const broken = (diagnostics) => diagnostics.filter((found) => found.rule === "last-good-kept").slice(0, 3).map((found) => say(found.message)).join("; ");

function App({ first }) {
  const [place, setPlace] = useState(fromHash());
  const [, setLanguage] = useState(isChinese());
  const [linked, setLinked] = useState(false);
  const [events, setEvents] = useState(first.journal ? first.journal.items : []);
  const [older, setOlder] = useState(first.journal ? first.journal.total - first.journal.items.length : 0);
  const [lost, setLost] = useState(0);
  const [paused, setPaused] = useState(false);
  const [version, setVersion] = useState(0);
  const [documented, setDocumented] = useState(first.endpoints || { endpoints: [], collections: [] });
  const [diagnostics, setDiagnostics] = useState(first.diagnostics ? first.diagnostics.diagnostics : []);
  const [generation, setGeneration] = useState(null);
  const [worlds, setWorlds] = useState(first.worlds ? first.worlds.items : []);
  const [clock, setClock] = useState(first.clock || null);
  const [note, setNote] = useState("");
  const [now, setNow] = useState(first.clock ? readClock(first.clock) : null);
  const reached = useRef(new Map());
  const waiting = useRef({ events: [], changed: false, timer: 0 });
  const isPaused = useRef(false);
  isPaused.current = paused;

  const began = useRef(false);
  const counted = useRef(new Set());
  const count = (event) => {
    if (counted.current.has(event.number)) return;
    counted.current.add(event.number);
    if (counted.current.size > 20 * KEPT) counted.current = new Set([...counted.current].slice(-10 * KEPT));
    if (!event.endpoint || !event.rule) return;
    const codes = reached.current.get(event.endpoint) || new Map();
    const code = event.rule.reason.startsWith("accepted") ? "success" : event.rule.code;
    codes.set(code, (codes.get(code) || 0) + 1);
    reached.current.set(event.endpoint, codes);
  };
  const flush = () => {
    const work = waiting.current;
    work.timer = 0;
    const fresh = work.events.splice(0).reverse();
    if (fresh.length) setEvents((known) => [...fresh, ...known].slice(0, KEPT));
    if (work.changed) { work.changed = false; setVersion((known) => known + 1); }
  };
  const later = () => { if (!waiting.current.timer) waiting.current.timer = setTimeout(flush, DRAW_EVERY); };
  const documentsAgain = () => Promise.all([get("endpoints").then(setDocumented), get("diagnostics").then((all) => { setDiagnostics(all.diagnostics); return all.diagnostics; })]).catch(() => []);

  // What was asked while nobody followed the events is in the journal. Numbers that begin anew are those of another server.
  const catchUp = (page) => {
    page.items.forEach(count);
    setOlder(Math.max(0, page.total - page.items.length));
    setEvents((known) => {
      if (known.length && (!page.items.length || page.items[0].number < known[0].number)) return page.items;
      const numbers = new Set(known.map((event) => event.number));
      const fresh = page.items.filter((event) => !numbers.has(event.number));
      return fresh.length ? [...fresh, ...known].sort((one, other) => other.number - one.number).slice(0, KEPT) : known;
    });
  };

  useEffect(() => {
    addEventListener("hashchange", () => setPlace(fromHash()));
    if (!first.endpoints || !first.diagnostics) documentsAgain();
    if (first.journal) first.journal.items.forEach(count);
    follow((event, data) => {
      const work = waiting.current;
      if (event === "request") {
        count(data);
        if (!isPaused.current) { work.events.push(data); if (work.events.length > KEPT) work.events.splice(0, work.events.length - KEPT); }
        if (data.changes && data.changes.length && data.world === currentWorld()) work.changed = true;
      } else if (event === "lost") setLost((known) => known + data.lost);
      else if (event === "state") work.changed = true;
      else if (event === "reload" || event === "hello") {
        setGeneration(data);
        if (event === "reload") documentsAgain().then(([, found]) => setNote(broken(found || []) || t("reloaded", data.endpoints)));
        if (event === "hello") get("journal?limit=200").then(catchUp).catch(() => {});
        work.changed = event === "reload" || began.current;
        began.current = true;
      }
      later();
    }, setLinked);
  }, []);

  useEffect(() => {
    if (version === 0 && first.clock && first.worlds) return;
    get("clock").then((told) => { setClock(told); setNow(readClock(told)); }).catch(() => {});
    list("worlds", 200).then(setWorlds).catch(() => {});
  }, [version]);
  const [, tick] = useState(0);
  useEffect(() => { const timer = setInterval(() => tick((known) => known + 1), 1000); return () => clearInterval(timer); }, []);
  useEffect(() => {
    document.title = `${t(place.view)} – docsim`;
    document.querySelector("nav.views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [place.view]);

  const worldNow = now && new Date(now.world.getTime() + (now.frozen ? 0 : Date.now() - now.here));
  const shownClock = clock && worldNow && { ...clock, now: worldNow.toISOString() };
  const changed = () => setVersion((known) => known + 1);
  const errors = diagnostics.filter((found) => found.severity === "error" || found.rule === "last-good-kept").length;
  const theme = () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("docsim-theme", root.dataset.theme);
  };
  const view = {
    traffic: () => html`<${Traffic} events=${events} endpoints=${documented.endpoints} worlds=${worlds} lost=${lost} older=${older} chosen=${place.rest} paused=${paused} setPaused=${setPaused} clear=${() => { setEvents([]); setLost(0); setOlder(0); }} />`,
    documents: () => html`<${Documents} endpoints=${documented.endpoints} reached=${reached.current} diagnostics=${diagnostics} version=${version} chosen=${place.rest} choose=${(id) => { location.hash = `#/documents/${encodeURIComponent(id)}`; }} />`,
    inbox: () => html`<${Inbox} version=${version} now=${worldNow} />`,
    accounts: () => html`<${Accounts} version=${version} collections=${documented.collections} />`,
    records: () => html`<${Records} version=${version} collections=${documented.collections} endpoints=${documented.endpoints} />`,
    world: () => html`<${World} version=${version} clock=${shownClock} worlds=${worlds} endpoints=${documented.endpoints} changed=${changed} />`,
    problems: () => html`<${Problems} diagnostics=${[...diagnostics]} generation=${generation} />`,
  }[place.view];

  return html`<a class="skip" href="#content" onClick=${(e) => { e.preventDefault(); document.getElementById("content").focus(); }}>${t("skip")}</a>
    <header><b class="brand">docsim</b>
      <span class=${`link-state ${linked ? "on" : "off"}`} role="status">${linked ? t("live") : t("away")}</span>
      <label class="world-choice"><span class="wide-only">${t("world")}</span><select aria-label=${t("world")} onChange=${(e) => { chooseWorld(e.target.value); changed(); }}>
        ${[...new Set(["default", currentWorld(), ...worlds.map((world) => world.name)])].map((name) => html`<option key=${name} selected=${name === currentWorld()}>${name}</option>`)}</select></label>
      ${worldNow && html`<span class="mono soft clock">${dateTime(worldNow)}${now.frozen ? " ⏸" : ""}</span>`}
      <span class="end"><button type="button" class="small" lang=${isChinese() ? "en" : "zh-CN"} onClick=${() => { setChinese(!isChinese()); setLanguage(isChinese()); }}>${t("language")}</button>
      <button type="button" class="small" onClick=${theme}>${t("theme")}</button></span></header>
    <nav class="views" aria-label=${t("views")}>${VIEWS.map((name) => html`<a href=${`#/${name}`} aria-current=${place.view === name ? "page" : undefined}>${t(name)}${name === "problems" && errors > 0 ? html`<span class="badge">${errors}</span>` : ""}</a>`)}</nav>
    ${note && html`<p class=${`toast ${generation && generation.kept ? "bad" : ""}`} role="alert"><a href="#/problems">${note}</a> <button type="button" class="small" onClick=${() => setNote("")}>${t("close")}</button></p>`}
    <main id="content" tabindex="-1">${view()}</main>`;
}

const theme = localStorage.getItem("docsim-theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
soon().then((first) => {
  const root = document.getElementById("app");
  root.replaceChildren();
  render(html`<${App} first=${first} />`, root);
});
