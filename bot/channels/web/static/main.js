// The page: puts the parts together and begins.

import { byId, enter, framed, say, settings, store, tell } from "./say.js";
import { draw, drop, follow, greeted, highlight, nearEnd, onAct } from "./draw.js";
import { arrived, hasFiles, isEmpty, onGiveBack, open, post, pump, restore } from "./outbox.js";
import { begin } from "./line.js";
import { giveBack } from "./composer.js";

const WAKE = "page:wake"; // a button that the page itself answers
const log = byId("log"), more = byId("more-button");
let isGreeted = false;

onGiveBack(giveBack);
onAct((item) => { if (item.press === WAKE) openMore("push"); else post(item); });

const openMore = async (part) => (await import("./more.js")).open(part);
more.onclick = () => openMore("");

function take(frame, first) {
  const low = nearEnd();
  byId("opening")?.remove();
  for (const message of frame.messages) {
    if (message.side === "person") arrived(message.key);
    draw(message);
  }
  drop(new Set(frame.standing));
  highlight();
  if (!isGreeted) { isGreeted = true; greeted(); }
  if (first && !frame.standing.length && isEmpty()) greet();
  if (frame.standing.length) store.set("greeted", "1");
  log.setAttribute("aria-busy", "false");
  follow(frame.messages, low || first);
  pump();
}

// A link that was scanned or shared says where to start, or brings the code of another device.
function arrive() {
  const start = new URLSearchParams(location.search).get("start"), code = /^#code=([\w-]{4,12})$/.exec(location.hash);
  if (start !== null || code) history.replaceState(null, "", location.pathname);
  if (code) return import("./more.js").then((part) => part.open("devices", code[1]));
  if (start !== null) post({ start: start.replace(/[^\w-]/g, "").slice(0, 64) });
  else if (!store.get("greeted") && isEmpty()) greet(); // nobody waits for the line to learn that there is nothing yet
  return null;
}

// The same id all day: two pages that open at once start one conversation.
function greet() { post({ id: `start-${new Date().toISOString().slice(0, 10)}`, start: "" }); }

async function whole() {
  restore();
  try { await enter(); } catch { tell(say("web.lost")); setTimeout(whole, 3000); return; }
  arrive();
  begin(take, open);
}

addEventListener("beforeunload", (event) => { if (hasFiles()) event.preventDefault(); });
addEventListener("online", pump);
document.addEventListener("visibilitychange", () => { if (!document.hidden) pump(); });
if (matchMedia("(pointer: fine)").matches && !framed) byId("text").focus();
if (framed) import("./frame.js").then((part) => part.begin(settings.embedOrigins));
else if ("serviceWorker" in navigator) addEventListener("load", () => navigator.serviceWorker.register("sw.js").catch(() => {}));
whole();
