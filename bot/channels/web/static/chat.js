"use strict";
// Down comes everything over one WebSocket, by the number of the latest change; up goes one POST a message, tried with
// the same id until it is taken. What is not yet taken waits in localStorage.

const { texts, limits } = JSON.parse(document.getElementById("settings").textContent);
const [log, notice, newer, composer, chosenList, picker, input] =
  ["log", "notice", "newer", "composer", "chosen", "files", "text"].map((id) => document.getElementById(id));
const SILENCE = 45000, SLOWEST = 15000, PREFIX = "unsent:";
const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/gif"];

const shown = new Map(); // number -> message
const elements = new Map(); // number -> element
const pending = new Map(); // id -> element of a message on its way
const attached = new Map(); // id -> files of a message on its way
let change = 0, socket, heardAt = 0, retry, retries = 0, wasLost = false, greeted = false;
let sending = false, sendRetries = 0, sendRetry, chosen = [], followFocus = false;

const say = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// -- what is kept in the browser

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode: kept in memory only */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* the same */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};
const outbox = store.keys().filter((key) => key.startsWith(PREFIX))
  .map((key) => { try { return JSON.parse(store.get(key)); } catch { store.drop(key); return null; } })
  .filter(Boolean).sort((a, b) => a.at - b.at);

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function post(item, files = []) {
  const whole = { id: newId(), at: Date.now(), files: files.length, ...item };
  outbox.push(whole);
  store.set(PREFIX + whole.id, JSON.stringify(whole));
  if (files.length) attached.set(whole.id, files);
  showPending(whole);
  pump();
}

function taken(item) {
  const place = outbox.indexOf(item);
  if (place >= 0) outbox.splice(place, 1);
  store.drop(PREFIX + item.id);
  attached.delete(item.id);
}

// -- up

function pump() {
  if (sending || !outbox.length) return;
  const item = outbox[0];
  if (item.files && !attached.has(item.id)) { if (greeted) giveBack(item); return; }
  sending = true;
  clearTimeout(sendRetry);
  const request = new XMLHttpRequest();
  request.open("POST", "/chat/messages");
  request.responseType = "json";
  request.upload.onprogress = (event) => event.lengthComputable && showProgress(item, event.loaded / event.total);
  request.onloadend = () => { sending = false; sent(item, request); };
  request.send(formOf(item));
}

function formOf(item) {
  const form = new FormData();
  form.append("id", item.id);
  for (const name of ["text", "press", "start"]) if (item[name] !== undefined) form.append(name, item[name]);
  for (const file of attached.get(item.id) ?? []) form.append("files", file, file.name);
  return form;
}

function sent(item, request) {
  const { status } = request;
  if (status === 200) {
    sendRetries = 0;
    taken(item);
    settle(item);
    pump();
  } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const files = attached.get(item.id) ?? [], error = request.response?.error;
    taken(item);
    fail(item, because(texts[error] ? error : "web.refused", files));
    pump();
  } else {
    sendRetry = setTimeout(pump, Math.min(SLOWEST, 1000 * 2 ** sendRetries++));
  }
}

// A press that no longer has a button leaves no trace in the transcript.
function settle(item) {
  showProgress(item, 1);
  if (item.press !== undefined) setTimeout(() => forget(item.id), 3000);
}

// The files of a message were in a page that is gone: its words go back to be sent again.
function giveBack(item) {
  taken(item);
  forget(item.id);
  if (item.text) { input.value = [item.text, input.value].filter(Boolean).join("\n"); grow(); }
  tell(say("web.files_lost"), 10000);
  pump();
}

function forget(id) { pending.get(id)?.remove(); pending.delete(id); }

// -- down

function connect() {
  clearTimeout(retry);
  heardAt = Date.now();
  let first = true;
  const mine = socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/chat?after=${change}`);
  mine.onmessage = (event) => {
    if (socket !== mine) return;
    heardAt = Date.now();
    const frame = JSON.parse(event.data);
    if (!frame.messages) return;
    if (first) found();
    take(frame, first);
    first = false;
  };
  mine.onclose = (event) => {
    if (socket !== mine) return;
    if (event.code === 4001) { tell(say("web.cookies")); return; }
    lose();
  };
}

function lose() {
  if (socket) { const old = socket; socket = null; old.close(); }
  wasLost = true;
  tell(say("web.lost"));
  clearTimeout(retry);
  retry = setTimeout(connect, Math.min(SLOWEST, 500 * 2 ** retries++ * (1 + Math.random() / 2)));
}

function found() {
  retries = 0;
  if (wasLost) tell(say("web.back"), 2500);
  wasLost = false;
  sendRetries = 0;
  if (!sending) pump();
}

function again() { if (!socket) connect(); pump(); }

function take(frame, first) {
  const low = nearEnd();
  document.getElementById("opening")?.remove();
  for (const message of frame.messages) {
    change = Math.max(change, message.change);
    draw(message);
  }
  drop(new Set(frame.standing));
  highlight();
  if (!greeted) { greeted = true; begin(); }
  if (first && !frame.standing.length && !outbox.length) greet();
  log.setAttribute("aria-busy", "false");
  follow(frame, low || first);
  pump();
}

function drop(standing) {
  for (const [number, old] of elements) {
    if (!standing.has(number)) { old.remove(); elements.delete(number); shown.delete(number); }
  }
}

// A link that was scanned or shared says where to start.
function begin() {
  const start = new URLSearchParams(location.search).get("start");
  if (start === null) return;
  history.replaceState(null, "", location.pathname);
  post({ start: start.replace(/[^\w-]/g, "").slice(0, 64) });
}

// The same id all day: two pages that open at once start one conversation.
function greet() { post({ id: `start-${new Date().toISOString().slice(0, 10)}`, start: "" }); }

// -- drawing

function draw(message) {
  const id = message.side === "person" ? message.key : null;
  const waiting = id && outbox.find((item) => item.id === id);
  if (waiting?.files && !attached.has(id)) taken(waiting); // it went out before its page was closed
  const focused = focusedButton(elements.get(message.number));
  const old = elements.get(message.number) ?? (id && pending.get(id));
  if (id) pending.delete(id);
  const made = element("article", { className: `message ${message.side}` });
  made.append(bubble(message.side, message.spans, message.files), when(message.time));
  if (message.buttons.length) made.append(keyboard(message));
  if (old) old.replaceWith(made); else { if (greeted) made.classList.add("fresh"); insert(made, message.number); }
  elements.set(message.number, made);
  shown.set(message.number, message);
  if (focused >= 0) (made.querySelectorAll(".row button")[focused] ?? input).focus();
}

function insert(made, number) {
  const later = [...elements.keys()].filter((other) => other > number);
  const next = later.length ? elements.get(Math.min(...later)) : [...pending.values()][0];
  log.insertBefore(made, next ?? null);
}

function bubble(side, spans, files) {
  const who = element("span", { className: "who", textContent: `${say(side === "bot" ? "web.bot" : "web.you")}: ` });
  const made = element("div", { className: "bubble" }, who);
  if (spans.length) made.append(element("p", { className: "words", dir: "auto" }, ...spans.flatMap((span) => words(span, side))));
  if (files.length) made.append(element("div", { className: "files" }, ...files.map(fileLink)));
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
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]|(?<![\w\/.])\/[a-z]{2,32}(?![\w\/])/g)) {
    parts.push(text.slice(end, match.index), match[0][0] === "/" ? commandLink(match[0]) : webLink(match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function webLink(address) {
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer", textContent: address });
}

function commandLink(command) {
  const link = element("a", { href: "#", textContent: command });
  link.onclick = (event) => { event.preventDefault(); post({ text: command }); };
  return link;
}

function fileLink(file) {
  const link = element("a", { href: file.url, target: "_blank", rel: "noopener" });
  if (PHOTOS.includes(file.type)) {
    link.setAttribute("aria-label", say("web.open_file", { name: file.name }));
    link.append(element("img", { className: "thumb", src: file.url, alt: file.name, loading: "lazy" }));
  } else {
    link.className = "paper";
    link.download = file.name;
    link.append(element("span", { textContent: file.name }), element("small", { textContent: weight(file.size) }));
  }
  return link;
}

function weight(bytes) {
  const [value, unit] = bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

function when(time) {
  const date = new Date(time), today = date.toDateString() === new Date().toDateString();
  const style = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "numeric" }) };
  const text = date.toLocaleString(document.documentElement.lang, style);
  return element("time", { className: "when", dateTime: time, textContent: text });
}

function keyboard(message) {
  const rows = message.buttons.map((row) => element("div", { className: "row" }, ...row.map((button) => key(button))));
  return element("div", { className: "buttons" }, ...rows);
}

function key(button) {
  const made = element("button", { type: "button", textContent: button.label });
  made.onclick = (event) => {
    followFocus = event.detail === 0; // pressed by keyboard
    made.disabled = true;
    setTimeout(() => { made.disabled = false; }, 2000);
    post({ press: button.data, label: button.label });
  };
  return made;
}

// The buttons that wait for an answer stand out; older ones still work.
function highlight() {
  const newest = (chosen) => Math.max(0, ...[...shown.values()].filter(chosen).map((one) => one.number));
  const offering = newest((one) => one.buttons.length);
  const last = offering > newest((one) => one.side === "person") ? offering : 0;
  for (const [number, made] of elements) made.classList.toggle("current", number === last);
}

function focusedButton(made) {
  return made?.contains(document.activeElement) ? [...made.querySelectorAll(".row button")].indexOf(document.activeElement) : -1;
}

function nearEnd() { return log.scrollHeight - log.scrollTop - log.clientHeight < 120; }

// A message taller than the screen is read from its beginning.
function toEnd() {
  const last = log.lastElementChild;
  log.scrollTop = log.scrollHeight;
  if (last?.offsetHeight > log.clientHeight) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  newer.hidden = true;
}

function follow(frame, low) {
  const fromBot = frame.messages.filter((one) => one.side === "bot");
  if (low) toEnd(); else if (fromBot.length) newer.hidden = false;
  if (!followFocus || !fromBot.length) return;
  followFocus = false;
  const offering = fromBot.filter((one) => one.buttons.length).at(-1);
  (elements.get(offering?.number)?.querySelector(".row button") ?? input).focus();
}

// -- messages on their way

function showPending(item) {
  if (item.start !== undefined) return;
  const files = (attached.get(item.id) ?? []).map((file) => ({ name: file.name, type: file.type, size: file.size, url: URL.createObjectURL(file) }));
  const made = element("article", { className: "message person pending" });
  const text = item.label ?? item.text ?? "";
  made.append(bubble("person", text ? [[text, ""]] : [], files), element("span", { className: "when", textContent: say("web.waiting") }));
  if (files.length) made.querySelector(".bubble").append(element("progress", { max: 1, value: 0 }));
  pending.set(item.id, made);
  log.append(made);
  toEnd();
}

function showProgress(item, part) {
  const made = pending.get(item.id), bar = made?.querySelector("progress");
  if (!bar) return;
  bar.value = part;
  made.querySelector(".when").textContent = say("web.progress", { percent: Math.floor(part * 100) });
}

function fail(item, reason) {
  const made = pending.get(item.id);
  if (!made) { tell(reason, 8000); return; }
  const discard = element("button", { type: "button", className: "discard", textContent: say("web.discard") });
  discard.onclick = () => { forget(item.id); input.focus(); };
  made.classList.replace("pending", "failed");
  made.querySelector("progress")?.remove();
  made.querySelector(".when").textContent = reason;
  made.append(discard);
  toEnd();
}

let quiet;
function tell(text, milliseconds) {
  clearTimeout(quiet);
  notice.textContent = text;
  notice.hidden = false;
  if (milliseconds) quiet = setTimeout(() => { notice.hidden = true; }, milliseconds);
}

// -- writing

// Why something cannot be sent: the text of a key, with our limits and the name of the largest file.
function because(key, files = []) {
  const name = files.reduce((largest, file) => (file.size > largest.size ? file : largest), { name: "", size: -1 }).name;
  const count = key === "web.too_long" ? limits.characters : limits.files;
  return say(key, { name, count, megabytes: Math.floor(limits.bytes / 1048576) });
}

function choose(files) {
  for (const file of files) {
    if (file.size > limits.bytes) tell(because("web.too_large", [file]), 8000);
    else if (chosen.length >= limits.files) tell(because("web.too_many"), 8000);
    else chosen.push(file);
  }
  showChosen();
}

function showChosen() {
  chosenList.replaceChildren(...chosen.map((file) => {
    const remove = element("button", { type: "button", textContent: "×", ariaLabel: say("web.remove", { name: file.name }) });
    remove.onclick = () => { chosen = chosen.filter((other) => other !== file); showChosen(); input.focus(); };
    const item = element("li", {}, element("span", { textContent: file.name }), remove);
    if (PHOTOS.includes(file.type)) item.prepend(element("img", { src: URL.createObjectURL(file), alt: "" }));
    return item;
  }));
  chosenList.hidden = !chosen.length;
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
  store.set("draft", input.value);
}

function submit() {
  const text = input.value.trim();
  if ([...text].length > limits.characters) { tell(because("web.too_long"), 8000); return; }
  if (!text && !chosen.length) { input.focus(); return; }
  const files = chosen;
  chosen = [];
  input.value = "";
  grow();
  showChosen();
  post(text ? { text } : {}, files);
}

composer.onsubmit = (event) => { event.preventDefault(); submit(); };
input.oninput = grow;
input.onkeydown = (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
};
input.onpaste = (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  choose(event.clipboardData.files);
};
document.getElementById("attach").onclick = () => picker.click();
picker.onchange = () => { choose(picker.files); picker.value = ""; input.focus(); };
newer.onclick = () => { toEnd(); log.focus(); };
log.onscroll = () => { if (nearEnd()) newer.hidden = true; };
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => { event.preventDefault(); choose(event.dataTransfer.files); });
addEventListener("offline", lose);
addEventListener("online", again);
addEventListener("beforeunload", (event) => { if (attached.size) event.preventDefault(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
setInterval(() => { if (socket && Date.now() - heardAt > SILENCE) lose(); }, 5000);

input.value = store.get("draft") ?? "";
grow();
if (matchMedia("(pointer: fine)").matches) input.focus();
outbox.forEach(showPending);
connect();
