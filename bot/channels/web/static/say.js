// What every part needs: the texts of the page, elements, what is kept in the browser, and the notice at the top.

export const settings = JSON.parse(document.getElementById("settings").textContent);
export const { texts, limits, framed } = settings;
export const language = document.documentElement.lang;
export const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export const byId = (id) => document.getElementById(id);

export const say = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", textContent: text, ...properties });
  made.onclick = act;
  return made;
}

// A frame keeps its things apart from the page of its own: they are different chats.
const PREFIX = framed ? "frame:" : "";
const memory = new Map(); // where a browser keeps nothing for us
export const store = {
  get(key) { try { return localStorage.getItem(PREFIX + key); } catch { return memory.get(key) ?? null; } },
  set(key, value) { try { localStorage.setItem(PREFIX + key, value); } catch { memory.set(key, value); } },
  drop(key) { try { localStorage.removeItem(PREFIX + key); } catch { memory.delete(key); } },
  keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)); }
    catch { return [...memory.keys()]; }
  },
};

// -- who we are: a cookie that no script sees, or in a frame, where browsers let us have none, a token of our own

let token = framed ? store.get("token") : null;

export function remember(answer) {
  if (!answer.token) return;
  token = answer.token;
  store.set("token", token);
}

export const credentials = () => (token ? { Authorization: `Bearer ${token}` } : {});
export const protocols = () => (token ? ["chat", token] : ["chat"]);

export async function enter() {
  if (framed && !token) remember(await ask("chat/token", { frame: true }));
}

export class Refused extends Error {}

// Posts JSON; gives the answer. Throws Refused with the key of the text that says why.
export async function ask(path, said = {}) {
  let response, answer;
  try {
    const headers = { "Content-Type": "application/json", ...credentials() };
    response = await fetch(path, { method: "POST", headers, body: JSON.stringify(said) });
    answer = await response.json();
  } catch { throw new Refused("web.failed"); }
  if (!response.ok) throw new Refused(texts[answer.error] ? answer.error : "web.failed");
  return answer;
}

// -- the notice

const notice = byId("notice");
let quiet;

export function tell(text, milliseconds) {
  clearTimeout(quiet);
  notice.textContent = text;
  notice.hidden = false;
  if (milliseconds) quiet = setTimeout(() => { notice.hidden = true; }, milliseconds);
}

// Takes the notice away: whatever it says, or only that text.
export function hush(text = notice.textContent) {
  if (notice.textContent !== text) return;
  clearTimeout(quiet);
  notice.hidden = true;
}
