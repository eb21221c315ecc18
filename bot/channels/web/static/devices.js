// The same chat on another device: a code that works once, and an end to it.

import { ask, button, element, remember, say, store } from "./say.js";
import { restart } from "./line.js";
import { drop } from "./draw.js";
import { section as made, shut } from "./more.js";

const SVG = "http://www.w3.org/2000/svg";

export async function section(code) {
  const said = element("p", { className: "said" });
  said.setAttribute("role", "status");
  const guarded = (work) => async () => { try { await work(); } catch (error) { said.textContent = say(error.message); } };
  const shown = element("div", { className: "code" });
  const make = button(say("web.devices_make"), guarded(async () => show(shown, await ask("chat/code"))), { className: "strong" });
  const end = button(say("web.devices_end"), guarded(async () => {
    remember(await ask("chat/sign-out"));
    shown.replaceChildren();
    said.textContent = say("web.devices_ended");
    restart();
  }), { className: "plain" });
  const how = element("p", { textContent: say("web.devices_how") });
  return made("devices", say("web.devices"), how, make, shown, entry(code, said), end, said);
}

function show(place, { code, picture }) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `-3 -3 ${picture.size + 6} ${picture.size + 6}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("web.devices_picture"));
  path.setAttribute("d", picture.path);
  svg.append(path);
  const text = element("p", {}, `${say("web.devices_code")}: `, element("strong", { textContent: code }));
  text.setAttribute("role", "status");
  place.replaceChildren(text, svg);
}

// Whoever enters a code is told what happens: a code from somebody else would have them write into a stranger's chat.
function entry(code, said) {
  const input = element("input", { id: "device-code", value: code, maxLength: 12, autocomplete: "off", spellcheck: false });
  input.setAttribute("autocapitalize", "characters");
  const label = element("label", { htmlFor: "device-code", textContent: say("web.devices_enter") });
  const sure = element("p", { className: "sure", textContent: say("web.devices_sure") });
  const join = element("button", { type: "submit", className: code ? "strong" : "plain", textContent: say("web.devices_join") });
  const form = element("form", {}, label, input, sure, join);
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      remember(await ask("chat/device", { code: input.value, frame: document.body.dataset.view === "framed" }));
      store.set("greeted", "1");
      drop(new Set());
      restart();
      shut();
    } catch (error) { said.textContent = say(error.message); }
  };
  return form;
}
