// What the page asks of the server: the admin interface of one world, the simulated API, and the stream of events.

const ADMIN = "/__docsim/";

// Beyond loopback the server prints an address with the token in its fragment, which is never sent anywhere.
function takeToken() {
  const given = new URLSearchParams(location.hash.replace(/^#/, "")).get("token");
  if (given) {
    sessionStorage.setItem("docsim-token", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("docsim-token");
}

const token = takeToken();
const inPath = location.pathname.match(/^\/@([A-Za-z0-9._-]{1,64})\/__docsim/);
let world = inPath ? inPath[1] : "default";

export const currentWorld = () => world;
export const chooseWorld = (name) => { world = name; };

function headers(more) {
  const all = { "X-Docsim-World": world, ...more };
  if (token) all.Authorization = `Bearer ${token}`;
  return all;
}

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export async function admin(method, path, body) {
  const init = { method, headers: headers() };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const reply = await fetch(ADMIN + path, init);
  const text = await reply.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { value = { detail: text }; }
  if (!reply.ok) throw new Refused(reply.status, value || {});
  return value;
}

export const get = (path) => admin("GET", path);
export const post = (path, body = {}) => admin("POST", path, body);
export const patch = (path, body) => admin("PATCH", path, body);
export const remove = (path) => admin("DELETE", path);

// All items of a list, up to a bound.
export async function list(path, most = 1000) {
  const items = [];
  let after = "";
  do {
    const sign = path.includes("?") ? "&" : "?";
    const page = await get(`${path}${sign}limit=${Math.min(500, most)}${after}`);
    items.push(...page.items);
    after = page.next ? `&after=${encodeURIComponent(page.next)}` : "";
  } while (after && items.length < most);
  return items;
}

// Behind a proxy the API is not where the page is, and says so by address; "all of this machine's" is the name in the bar.
let api = null;
export const apiBase = () => api || location.origin;
const learnApi = (told) => {
  const url = told && new URL(told);
  if (url && (url.hostname === "0.0.0.0" || url.hostname === "[::]")) url.hostname = location.hostname;
  api = url && url.origin;
};

// A request of the simulated API, as a client would send it, in this world.
export async function call({ method, path, headers: given, body }) {
  const began = performance.now();
  const reply = await fetch(apiBase() + path, { method, headers: { "X-Docsim-World": world, ...given }, body, cache: "no-store" });
  const text = await reply.text();
  const decoded = (name) => {
    const value = reply.headers.get(name) || "";
    try { return decodeURIComponent(value); } catch { return value; }
  };
  return {
    status: reply.status, text, took: performance.now() - began,
    rule: decoded("x-docsim-rule"), source: decoded("x-docsim-source"),
  };
}

// Follows the events for as long as the page is open; `heard` gets (event, data), `linked` whether the stream stands.
export function follow(heard, linked) {
  let wait = 300;
  const run = async () => {
    for (;;) {
      try {
        const reply = await fetch(`${ADMIN}events`, { headers: headers(), cache: "no-store" });
        if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
        wait = 300;
        linked(true);
        await read(reply.body.getReader(), (event, data) => { if (event === "hello") learnApi(data.api); heard(event, data); });
      } catch { /* the server is away: tried again below */ }
      linked(false);
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(wait * 2, 5000);
    }
  };
  run();
}

async function read(reader, heard) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop();
    for (const frame of frames) {
      let event = "", data = "";
      for (const line of frame.split("\n")) {
        if (line.startsWith("event: ")) event = line.slice(7);
        else if (line.startsWith("data: ")) data += line.slice(6);
      }
      if (event) heard(event, JSON.parse(data));
    }
  }
}

// What every view needs is asked at once, and the page is drawn with it: once, unless the server is slow.
const FIRST = { journal: "journal?limit=200", endpoints: "endpoints", diagnostics: "diagnostics", clock: "clock", worlds: "worlds?limit=200" };
const PATIENCE = 300;

export async function soon() {
  const found = {};
  const asked = Object.entries(FIRST).map(([name, path]) => get(path).then((value) => { found[name] = value; }, () => {}));
  await Promise.race([Promise.all(asked), new Promise((done) => setTimeout(done, PATIENCE))]);
  return { ...found };
}
