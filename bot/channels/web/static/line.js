// What comes down: everything after the latest change that is known, over one WebSocket; where none gets through, by
// asking again and again. Both tell of the same numbered changes, so nothing is shown twice and nothing is missed.

import { credentials, framed, hush, protocols, say, store, tell } from "./say.js";

const SILENCE = 45000, SLOWEST = 15000, OPENING = 8000, VAIN = 2;
let change = 0, socket = null, asking = null, heardAt = 0, timer, tries = 0, vain = 0, isLost = false, isFirst = true, isOver = false;
let take = () => {}, found = () => {};

// `taken` gets each frame and whether it is the first of its connection; `up` is called when there is one again.
export function begin(taken, up) { take = taken; found = up; connect(); }

export const usesWebSocket = () => socket !== null;

function connect() {
  clearTimeout(timer);
  heardAt = Date.now();
  isFirst = true;
  if (vain >= VAIN || store.get("polls") === today()) poll(); else openSocket();
}

const today = () => new Date().toISOString().slice(0, 10);

function openSocket() {
  const address = new URL(`chat?after=${change}`, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  let isUp = false;
  const mine = socket = new WebSocket(address, protocols());
  const late = setTimeout(() => mine.close(), OPENING);
  mine.onmessage = (event) => {
    if (socket !== mine) return;
    isUp = true;
    vain = 0;
    clearTimeout(late);
    hear(JSON.parse(event.data));
  };
  mine.onclose = (event) => {
    clearTimeout(late);
    if (socket !== mine) return;
    socket = null;
    if (event.code === 4001) return end("web.cookies");
    if (event.code === 4003) return end("web.signed_out");
    if (!isUp && navigator.onLine !== false) vain++;
    lose();
  };
}

async function poll() {
  const mine = asking = new AbortController();
  try {
    while (asking === mine) {
      const address = `chat/poll?after=${change}${isFirst ? "&now=1" : ""}`;
      const response = await fetch(address, { method: "POST", headers: credentials(), signal: mine.signal });
      if (response.status === 401) return end((await response.json()).error);
      if (!response.ok) throw new Error(String(response.status));
      const frame = await response.json();
      if (asking !== mine) return;
      store.set("polls", today());
      hear(frame);
    }
  } catch {
    if (asking === mine) { asking = null; vain = 0; store.drop("polls"); lose(); }
  }
}

function hear(frame) {
  heardAt = Date.now();
  if (isFirst && frame.messages) {
    tries = 0;
    if (isLost) tell(say("web.back"), 2500);
    isLost = false;
    for (const message of frame.messages) change = Math.max(change, message.change);
    take(frame, true);
    isFirst = false;
    found();
  } else if (frame.messages) {
    for (const message of frame.messages) change = Math.max(change, message.change);
    take(frame, false);
  }
}

export function lose() {
  hangUp();
  if (isOver) return;
  isLost = true;
  tell(say(navigator.onLine === false ? "web.offline" : "web.lost"));
  clearTimeout(timer);
  timer = setTimeout(connect, Math.min(SLOWEST, 500 * 2 ** tries++ * (1 + Math.random() / 2)));
}

function hangUp() {
  const old = socket;
  socket = null;
  old?.close();
  asking?.abort();
  asking = null;
}

function end(key) {
  isOver = true;
  hangUp();
  if (framed) store.drop("token");
  tell(say(key));
}

// A way down at once, if there is none.
export function again() { if (!socket && !asking && !isOver) connect(); }

// From the beginning, as somebody else.
export function restart() { hangUp(); change = 0; isOver = false; hush(); connect(); }

addEventListener("offline", lose);
addEventListener("online", again);
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
setInterval(() => { if ((socket || asking) && Date.now() - heardAt > SILENCE) lose(); }, 5000);
