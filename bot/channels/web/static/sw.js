// Keeps the shell of the page, so that it opens without a network, and shows notifications. No message is ever kept here:
// whatever is below chat/ goes past this script.

const SHELL = `shell-${KNOWN.version}`;
const here = (path) => new URL(path, self.registration.scope).href;
const isFile = (url) => url.href.startsWith(here(`static/${KNOWN.version}/`));

self.addEventListener("install", (event) => {
  const files = KNOWN.shell.map((name) => here(`static/${KNOWN.version}/${name}`));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (isFile(url)) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  else if (event.request.mode === "navigate" && url.href.split(/[?#]/)[0] === self.registration.scope) event.respondWith(opened(event.request));
});

// The page itself: the newest there is, the one kept where there is no network.
async function opened(request) {
  const page = here("./");
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected) {
      const copy = new Response(await fresh.clone().text(), { headers: kept(fresh.headers) });
      await (await caches.open(SHELL)).put(page, copy);
    }
    return fresh;
  } catch {
    return (await caches.match(page)) ?? Response.error();
  }
}

function kept(headers) {
  return ["Content-Type", "Content-Security-Policy"].map((name) => [name, headers.get(name) ?? ""]);
}

self.addEventListener("push", (event) => {
  const language = KNOWN.languages.find((one) => navigator.language.startsWith(one)) ?? KNOWN.languages[0];
  const words = KNOWN.texts[language];
  let text = words.push_text;
  try { text = event.data.json().text; } catch { /* nothing that can be read: the plain notice */ }
  const icon = here(`static/${KNOWN.version}/icon-192.png`);
  event.waitUntil(self.registration.showNotification(words.title, { body: text, icon, badge: icon, tag: "answer", renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((open) => {
    const page = open.find((one) => one.url.startsWith(self.registration.scope));
    return page ? page.focus() : self.clients.openWindow(here("./"));
  }));
});
