// What goes up: one POST a message, tried with the same id until it is taken. What is not yet taken waits in the browser.

import { credentials, hush, limits, say, store, tell, texts } from "./say.js";
import { forget, pendingOf, showFailed, showPending, showProgress } from "./draw.js";

const PREFIX = "unsent:", SLOWEST = 15000;
const attached = new Map(); // id -> files of a message on its way
let isSending = false, tries = 0, timer, isOpen = false, giveBack = () => {};

const outbox = store.keys().filter((key) => key.startsWith(PREFIX))
  .map((key) => { try { return JSON.parse(store.get(key)); } catch { store.drop(key); return null; } })
  .filter(Boolean).sort((a, b) => a.at - b.at);

// What is done with the words of a message whose files are gone.
export function onGiveBack(done) { giveBack = done; }

export const isEmpty = () => !outbox.length;
export const hasFiles = () => attached.size > 0;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function post(item, files = []) {
  const whole = { id: newId(), at: Date.now(), files: files.length, ...item };
  outbox.push(whole);
  store.set(PREFIX + whole.id, JSON.stringify(whole));
  if (files.length) attached.set(whole.id, files);
  showPending(whole, files);
  pump();
}

// Shows what an earlier page left.
export function restore() { for (const item of outbox) showPending(item, []); }

// The transcript has this message: nothing is left to send.
export function arrived(id) {
  const item = outbox.find((one) => one.id === id);
  if (item?.files && !attached.has(id)) taken(item); // it went out before its page was closed
}

function taken(item) {
  const place = outbox.indexOf(item);
  if (place >= 0) outbox.splice(place, 1);
  store.drop(PREFIX + item.id);
  attached.delete(item.id);
}

// The transcript is known from now on, and there is a way up.
export function open() { isOpen = true; tries = 0; pump(); }

export function pump() {
  if (isSending || !outbox.length) return;
  const item = outbox[0];
  if (item.files && !attached.has(item.id)) { if (isOpen) returned(item); return; }
  isSending = true;
  clearTimeout(timer);
  const request = new XMLHttpRequest();
  request.open("POST", "chat/messages");
  for (const [name, value] of Object.entries(credentials())) request.setRequestHeader(name, value);
  request.responseType = "json";
  request.upload.onprogress = (event) => event.lengthComputable && showProgress(item.id, event.loaded / event.total);
  request.onloadend = () => { isSending = false; sent(item, request); };
  request.send(formOf(item));
}

function formOf(item) {
  const form = new FormData();
  form.append("id", item.id);
  for (const name of ["text", "press", "start", "seconds"]) if (item[name] !== undefined) form.append(name, item[name]);
  for (const file of attached.get(item.id) ?? []) form.append("files", file, file.name);
  return form;
}

function sent(item, request) {
  const { status } = request;
  if (status === 200) {
    tries = 0;
    taken(item);
    showProgress(item.id, 1);
    // A press that no longer has a button leaves no trace in the transcript.
    if (item.press !== undefined) setTimeout(() => forget(item.id), 3000);
    pump();
  } else if (status === 429) {
    tell(say("web.too_fast"), 6000);
    timer = setTimeout(pump, 1000 * Math.min(60, Number(request.getResponseHeader("Retry-After")) || 5));
  } else if (status >= 400 && status < 500 && status !== 408) {
    const files = attached.get(item.id) ?? [], error = request.response?.error;
    taken(item);
    fail(item, because(texts[error] ? error : "web.refused", files), files);
    pump();
  } else {
    timer = setTimeout(pump, Math.min(SLOWEST, 1000 * 2 ** tries++));
  }
}

function fail(item, reason, files) {
  const { text, press, label, seconds } = item;
  if (!showFailed(item.id, reason, () => { hush(); post({ text, press, label, seconds }, files); })) tell(reason, 8000);
}

// The files of a message were in a page that is gone: its words go back to be sent again.
function returned(item) {
  taken(item);
  if (pendingOf(item.id)) forget(item.id);
  giveBack(item.text ?? "");
  pump();
}

// Why something cannot be sent: the text of a key, with our limits and the name of the largest file.
export function because(key, files = []) {
  const { name } = files.reduce((largest, file) => (file.size > largest.size ? file : largest), { name: "", size: -1 });
  const count = key === "web.too_long" ? limits.characters : limits.files;
  return say(key, { name, count, megabytes: Math.floor(limits.bytes / 1048576) });
}
