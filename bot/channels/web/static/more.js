// What lies behind the button "more": the language, other devices, notifications.

import { button, byId, element, framed, language, say, settings } from "./say.js";
import { post } from "./outbox.js";
import * as devices from "./devices.js";
import * as waking from "./waking.js";

const dialog = byId("more");
let opener = null;

export async function open(part, code = "") {
  opener = document.activeElement;
  const close = button("×", shut, { className: "close" });
  close.setAttribute("aria-label", say("web.back_to_chat"));
  const title = element("h2", { id: "more-title", textContent: say("web.more"), tabIndex: -1 });
  const sections = [languages(), await devices.section(code), ...(framed ? [whole()] : [await waking.section()])];
  dialog.replaceChildren(element("div", { className: "head" }, title, close), ...sections);
  if (dialog.showModal) { if (!dialog.open) dialog.showModal(); } else dialog.setAttribute("open", "");
  const wanted = part ? dialog.querySelector(`#part-${part}`) : null;
  wanted?.scrollIntoView();
  (wanted?.querySelector("input:not([value='']), .strong, button") ?? title).focus();
}

export function shut() {
  if (dialog.close) dialog.close(); else dialog.removeAttribute("open");
}

export function section(name, title, ...parts) {
  return element("section", { id: `part-${name}` }, element("h3", { textContent: title }), ...parts);
}

function languages() {
  const choices = Object.entries(settings.languages).map(([name, title]) => {
    const made = button(title, () => speak(name), { lang: name });
    made.setAttribute("aria-pressed", String(name === language));
    return made;
  });
  return section("language", say("web.language"), element("div", { className: "choices" }, ...choices));
}

// The bot speaks it from now on, and so does the page.
function speak(name) {
  if (name === language) { shut(); return; }
  post({ press: `/language ${name}` });
  setTimeout(() => { location.href = framed ? `?lang=${name}` : `language/${name}`; }, 400);
}

function whole() {
  const link = element("a", { href: "./", target: "_blank", rel: "noopener", className: "plain", textContent: say("web.framed_whole") });
  return element("section", {}, link);
}

dialog.addEventListener("close", () => opener?.focus());
dialog.addEventListener("click", (event) => { if (event.target === dialog) shut(); });
