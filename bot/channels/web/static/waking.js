// Notifications: the browser is woken when something has come and the page is closed.

import { ask, button, element, say, settings, tell } from "./say.js";
import { section as made } from "./more.js";

const canWake = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export async function section() {
  const said = element("p", { className: "said" });
  said.setAttribute("role", "status");
  const place = element("div");
  const how = element("p", { textContent: say(canWake() ? "web.push_how" : "web.push_none") });
  if (canWake()) await offer(place, said);
  return made("push", say("web.push"), how, place, said);
}

async function offer(place, said) {
  const registration = await navigator.serviceWorker.getRegistration();
  const has = await registration?.pushManager.getSubscription();
  if (has) await kept(has).catch(() => {});
  const change = button(say(has ? "web.push_off" : "web.push_on"), async () => {
    change.disabled = true;
    said.textContent = await (has ? off(has) : on());
    await offer(place, said);
    place.querySelector("button").focus();
  }, { className: has ? "plain" : "strong" });
  place.replaceChildren(change);
}

async function on() {
  if (await Notification.requestPermission() !== "granted") return say("web.push_refused");
  try {
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(settings.pushKey) });
    await kept(subscription);
    tell(say("web.push_is_on"), 4000);
    return say("web.push_is_on");
  } catch { return say("web.failed"); }
}

async function off(subscription) {
  try {
    await subscription.unsubscribe();
    await ask("chat/push/end", { endpoint: subscription.endpoint });
    return say("web.push_is_off");
  } catch { return say("web.failed"); }
}

function kept(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return ask("chat/push", { endpoint, key: keys.p256dh, auth: keys.auth });
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}
