// In a frame of another site: a word with the script that made it, and with nobody else.

import { byId, element, say } from "./say.js";

export function begin(origins) {
  const host = document.referrer ? new URL(document.referrer).origin : "";
  if (!origins.includes(host) || window.parent === window) return;
  const close = element("button", { type: "button", className: "round quiet", textContent: "×" });
  close.setAttribute("aria-label", say("web.close"));
  close.onclick = () => window.parent.postMessage({ chat: "close" }, host);
  byId("more-button").after(close);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !byId("more").open) close.click(); });
  addEventListener("message", (event) => {
    if (event.origin === host && event.source === window.parent && event.data?.chat === "opened") byId("text").focus();
  });
}
