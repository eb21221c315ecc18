// The field, the files that were chosen, and sending both.

import { PHOTOS, button, byId, element, hush, limits, say, store, tell } from "./say.js";
import { because, post } from "./outbox.js";

const composer = byId("composer"), list = byId("chosen"), picker = byId("files"), input = byId("text");
let chosen = [], preparing = 0, isWanted = false; // to be sent as soon as everything is ready

export async function choose(files) {
  for (const file of [...files]) {
    if (chosen.length + preparing >= limits.files) { tell(because("web.too_many"), 8000); break; }
    const ready = await prepared(file);
    if (ready.size > limits.bytes) tell(because("web.too_large", [ready]), 8000); else chosen.push(ready);
    showChosen();
  }
  if (isWanted && !preparing) submit();
}

// Photos are made smaller first; that takes away where they were taken, too.
async function prepared(file) {
  if (!PHOTOS.includes(file.type) || file.type === "image/gif") return file;
  preparing++;
  tell(say("web.shrinking"), 10000);
  try {
    const { shrunk } = await import("./photos.js");
    return await shrunk(file);
  } catch {
    return file; // what this browser cannot read is sent as it is
  } finally {
    preparing--;
    hush(say("web.shrinking"));
  }
}

function showChosen() {
  list.replaceChildren(...chosen.map((file) => {
    const remove = button("×", () => { chosen = chosen.filter((other) => other !== file); showChosen(); input.focus(); });
    remove.setAttribute("aria-label", say("web.remove", { name: file.name }));
    const item = element("li", {}, element("span", { textContent: file.name }), remove);
    if (PHOTOS.includes(file.type)) item.prepend(element("img", { src: URL.createObjectURL(file), alt: "" }));
    return item;
  }));
  list.hidden = !chosen.length;
}

export function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
  store.set("draft", input.value);
}

export function giveBack(text) {
  input.value = [text, input.value].filter(Boolean).join("\n");
  grow();
  tell(say("web.files_lost"), 10000);
}

function submit() {
  const text = input.value.trim();
  isWanted = preparing > 0;
  if (isWanted) return;
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
byId("attach").onclick = () => picker.click();
picker.onchange = async () => { const files = [...picker.files]; picker.value = ""; await choose(files); input.focus(); };
byId("record").onclick = async () => (await import("./record.js")).record();
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => { event.preventDefault(); choose(event.dataTransfer.files); });

input.value = store.get("draft") ?? "";
grow();
