// A voice message: recorded, listened to, sent or dropped.

import { button, byId, element, say, tell } from "./say.js";
import { nearEnd, toEnd } from "./draw.js";
import { post } from "./outbox.js";

const LONGEST = 180; // seconds
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", ""];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const line = byId("line"), panel = byId("recorder");
let isBusy = false;

export async function record() {
  if (isBusy) return;
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) { tell(say("web.record_none"), 8000); return; }
  isBusy = true;
  try {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    const taken = await recorded(sound).finally(() => sound.getTracks().forEach((track) => track.stop()));
    if (taken) await reviewed(taken);
  } catch {
    tell(say("web.record_refused"), 10000);
  } finally {
    isBusy = false;
    show(null);
    byId("record").focus();
  }
}

// Gives the file and how long it is, or null where it was dropped.
function recorded(sound) {
  const type = TYPES.find((one) => !one || MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(sound, type ? { mimeType: type, audioBitsPerSecond: 32000 } : {});
  const parts = [], begun = Date.now();
  let isDropped = false;
  recorder.ondataavailable = (event) => { if (event.data.size) parts.push(event.data); };
  const time = element("span", { className: "time", textContent: elapsed(0) });
  const ticking = setInterval(() => {
    const seconds = (Date.now() - begun) / 1000;
    time.textContent = elapsed(seconds);
    if (seconds >= LONGEST && recorder.state !== "inactive") recorder.stop();
  }, 250);
  const finished = new Promise((done, failed) => {
    recorder.onerror = failed;
    recorder.onstop = () => { clearInterval(ticking); done(isDropped ? null : { file: fileOf(parts, recorder.mimeType), seconds: Math.floor((Date.now() - begun) / 1000) }); };
  });
  const cancel = button(say("web.record_cancel"), () => { isDropped = true; recorder.stop(); }, { className: "plain" });
  const stop = button(say("web.record_stop"), () => recorder.stop(), { className: "strong" });
  show(say("web.recording"), element("span", { className: "live" }, say("web.recording")), time, cancel, stop);
  recorder.start(1000);
  stop.focus();
  return finished;
}

function fileOf(parts, mimeType) {
  const type = mimeType.split(";")[0];
  return new File(parts, `${say("web.record_name")}.${ENDINGS[type] ?? "webm"}`, { type });
}

function reviewed({ file, seconds }) {
  return new Promise((done) => {
    const sound = element("audio", { controls: true, src: URL.createObjectURL(file) });
    sound.setAttribute("aria-label", say("web.recorded"));
    const finish = (send) => { sound.pause(); if (send) post({ seconds }, [file]); done(); };
    const cancel = button(say("web.record_cancel"), () => finish(false), { className: "plain" });
    const send = button(say("web.record_send"), () => finish(true), { className: "strong" });
    show(say("web.recorded"), sound, cancel, send);
    send.focus();
  });
}

function show(name, ...parts) {
  const low = nearEnd();
  panel.replaceChildren(...parts);
  if (name) panel.setAttribute("aria-label", name);
  panel.hidden = !parts.length;
  line.hidden = parts.length > 0;
  if (low) toEnd();
}

function elapsed(seconds) {
  const whole = Math.min(LONGEST, Math.floor(seconds));
  return say("web.record_time", { time: `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}` });
}
