// The conversation on the screen: each message where its number says, each as it was changed last.

import { PHOTOS, byId, button, credentials, element, framed, language, say } from "./say.js";

const log = byId("log"), newer = byId("newer"), input = byId("text");
const shown = new Map(); // number -> message
const elements = new Map(); // number -> element
const pending = new Map(); // id -> element of a message on its way
let isGreeted = false, followFocus = false, act = () => {};

// What is done when a button is pressed or a command touched.
export function onAct(done) { act = done; }

export function greeted() { isGreeted = true; }

export const pendingOf = (id) => pending.get(id);

export function draw(message) {
  const id = message.side === "person" ? message.key : null;
  const focused = focusedButton(elements.get(message.number));
  const old = elements.get(message.number) ?? (id && pending.get(id));
  if (id) pending.delete(id);
  const made = element("article", { className: `message ${message.side}` });
  made.append(bubble(message.side, message.spans, message.files), when(message.time));
  if (message.buttons.length) made.append(keyboard(message));
  if (old) old.replaceWith(made); else { if (isGreeted) made.classList.add("fresh"); insert(made, message.number); }
  elements.set(message.number, made);
  shown.set(message.number, message);
  if (focused >= 0) (made.querySelectorAll(".row button")[focused] ?? input).focus();
}

// Removes what no longer stands.
export function drop(standing) {
  for (const [number, old] of elements) {
    if (!standing.has(number)) { old.remove(); elements.delete(number); shown.delete(number); }
  }
}

function insert(made, number) {
  const later = [...elements.keys()].filter((other) => other > number);
  const next = later.length ? elements.get(Math.min(...later)) : [...pending.values()][0];
  log.insertBefore(made, next ?? null);
}

function bubble(side, spans, files) {
  const who = element("span", { className: "who", textContent: `${say(side === "bot" ? "web.bot" : "web.you")}: ` });
  const made = element("div", { className: "bubble" }, who);
  const parts = [].concat(...spans.map((span) => words(span, side)));
  if (parts.length) made.append(element("p", { className: "words", dir: "auto" }, ...parts));
  if (files.length) made.append(element("div", { className: "files" }, ...files.flatMap((file) => [...player(file), fileLink(file)])));
  return made;
}

function words([text, style], side) {
  const parts = side === "bot" ? linked(text) : [text];
  return style ? [element(style, {}, ...parts)] : parts;
}

// Addresses open; commands such as /help are said by a touch.
function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|(^|[^\w/.])(\/[a-z]{2,32})(?![\w/])/g)) {
    const start = match.index + (match[2] ?? "").length;
    parts.push(text.slice(end, start), match[3] ? commandLink(match[3]) : webLink(match[1]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function webLink(address) {
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer", textContent: address });
}

function commandLink(command) {
  const link = element("a", { href: "#", textContent: command });
  link.onclick = (event) => { event.preventDefault(); act({ text: command }); };
  return link;
}

// -- files

function fileLink(file) {
  const link = element("a", { href: file.url, target: "_blank", rel: "noopener" });
  if (PHOTOS.includes(file.type)) {
    const picture = element("img", { className: "thumb", alt: file.name, loading: "lazy" });
    link.setAttribute("aria-label", say("web.open_file", { name: file.name }));
    link.append(picture);
    source(file).then((url) => { picture.src = link.href = url; });
  } else {
    link.className = "paper";
    link.download = file.name;
    link.append(element("span", { textContent: file.name }), element("small", { textContent: weight(file.size) }));
    if (framed) link.onclick = (event) => { event.preventDefault(); save(file); };
  }
  return link;
}

// A voice message is heard where it stands; nothing of it is loaded before.
function player(file) {
  if (!file.type.startsWith("audio/")) return [];
  const sound = element("audio", { controls: true, preload: "none" });
  sound.setAttribute("aria-label", file.name);
  source(file).then((url) => { sound.src = url; });
  return [sound];
}

// A frame has no cookie that would go along with a picture, so it fetches it itself.
async function source(file) {
  if (!framed || file.url.startsWith("blob:")) return file.url;
  const response = await fetch(file.url, { headers: credentials() });
  return URL.createObjectURL(await response.blob());
}

async function save(file) {
  const link = element("a", { href: await source(file), download: file.name });
  link.click();
}

function weight(bytes) {
  const [value, unit] = bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
  return `${value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

function when(time) {
  const date = new Date(time), today = date.toDateString() === new Date().toDateString();
  const style = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "numeric" }) };
  return element("time", { className: "when", dateTime: time, textContent: date.toLocaleString(language, style) });
}

// -- buttons

function keyboard(message) {
  const rows = message.buttons.map((row) => element("div", { className: "row" }, ...row.map(key)));
  // A card has one thing to do first; of choices in a list none is favoured.
  const isCard = message.buttons[0].length === 1 && message.buttons.some((row) => row.length > 1);
  return element("div", { className: isCard ? "buttons card" : "buttons" }, ...rows);
}

function key({ label, data }) {
  if (/^https?:/.test(data)) return element("a", { href: data, target: "_blank", rel: "noopener noreferrer", textContent: label });
  const made = button(label, (event) => {
    followFocus = event.detail === 0; // pressed by keyboard
    made.disabled = true;
    setTimeout(() => { made.disabled = false; }, 2000);
    act({ press: data, label });
  });
  return made;
}

// The buttons that wait for an answer stand out; older ones still work.
export function highlight() {
  const newest = (chosen) => Math.max(0, ...[...shown.values()].filter(chosen).map((one) => one.number));
  const offering = newest((one) => one.buttons.length);
  const last = offering > newest((one) => one.side === "person") ? offering : 0;
  for (const [number, made] of elements) made.classList.toggle("current", number === last);
}

function focusedButton(made) {
  return made?.contains(document.activeElement) ? [...made.querySelectorAll(".row button")].indexOf(document.activeElement) : -1;
}

// -- where one reads

export function nearEnd() { return log.scrollHeight - log.scrollTop - log.clientHeight < 120; }

// A message taller than the screen is read from its beginning.
export function toEnd() {
  const last = log.lastElementChild;
  log.scrollTop = log.scrollHeight;
  if (last?.offsetHeight > log.clientHeight) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  newer.hidden = true;
}

export function follow(messages, low) {
  const fromBot = messages.filter((one) => one.side === "bot");
  if (low) toEnd(); else if (fromBot.length) newer.hidden = false;
  if (!followFocus || !fromBot.length) return;
  followFocus = false;
  const offering = fromBot.filter((one) => one.buttons.length).pop();
  (elements.get(offering?.number)?.querySelector(".row button") ?? input).focus();
}

newer.onclick = () => { toEnd(); log.focus(); };
log.onscroll = () => { if (nearEnd()) newer.hidden = true; };

// -- messages on their way

export function showPending(item, files) {
  if (item.start !== undefined) return;
  const views = files.map((file) => ({ name: file.name, type: file.type, size: file.size, url: URL.createObjectURL(file) }));
  const made = element("article", { className: "message person pending" });
  const text = item.label ?? item.text ?? "";
  made.append(bubble("person", text ? [[text, ""]] : [], views), element("span", { className: "when", textContent: say("web.waiting") }));
  if (views.length) {
    const bar = element("progress", { max: 1, value: 0 });
    bar.setAttribute("aria-label", say("web.waiting"));
    made.querySelector(".bubble").append(bar);
  }
  pending.set(item.id, made);
  log.append(made);
  toEnd();
}

export function showProgress(id, part) {
  const made = pending.get(id), bar = made?.querySelector("progress");
  if (!bar) return;
  bar.value = part;
  made.querySelector(".when").textContent = say("web.progress", { percent: Math.floor(part * 100) });
}

export function forget(id) { pending.get(id)?.remove(); pending.delete(id); }

// Says why a message did not go out, and offers to send it again or to drop it.
export function showFailed(id, reason, again) {
  const made = pending.get(id);
  if (!made) return false;
  const way = (name, done) => button(say(name), () => { done(); input.focus(); }, { className: "discard" });
  made.classList.replace("pending", "failed");
  made.querySelector("progress")?.remove();
  made.querySelector(".when").textContent = reason;
  made.append(element("div", { className: "ways" }, way("web.retry", () => { forget(id); again(); }), way("web.discard", () => forget(id))));
  toEnd();
  return true;
}
