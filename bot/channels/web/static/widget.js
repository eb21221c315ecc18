// One script tag on another site: a button that opens the chat in a frame.

(() => {
  const script = document.currentScript;
  const home = new URL("./", script.src);
  const wanted = script.dataset.lang ?? document.documentElement.lang.slice(0, 2);
  const language = KNOWN.languages.includes(wanted) ? wanted : KNOWN.languages[0];
  const words = KNOWN.texts[language];
  let frame = null;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const box = document.createElement("div");
  const opener = document.createElement("button");
  const style = `
    :host { all: initial; }
    button { position: fixed; right: max(1rem, env(safe-area-inset-right)); bottom: max(1rem, env(safe-area-inset-bottom)); z-index: 2147483000;
      min-height: 3.25rem; padding: 0 1.4rem; border: 2px solid #fff; border-radius: 2rem; cursor: pointer;
      font: 600 1rem/1.2 system-ui, sans-serif; color: #fff; background: #a61f4f; box-shadow: 0 4px 20px #0004; }
    button:focus-visible { outline: 3px solid #a61f4f; outline-offset: 3px; }
    .box { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483001; width: min(26rem, calc(100vw - 2rem)); height: min(44rem, calc(100vh - 2rem));
      border-radius: 1.25rem; overflow: hidden; background: #fffaf5; box-shadow: 0 12px 48px #0005; }
    .box[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media (max-width: 30rem) { .box { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; } }
  `;
  try { // a page may forbid style elements; older browsers know nothing else
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch { root.append(Object.assign(document.createElement("style"), { textContent: style })); }
  box.className = "box";
  box.hidden = true;
  opener.type = "button";
  opener.textContent = words.title;
  opener.setAttribute("aria-haspopup", "dialog");
  root.append(opener, box);

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = words.title;
      frame.allow = "microphone";
      frame.referrerPolicy = "origin"; // by which the chat knows whom it may talk to
      frame.src = new URL(`embed?lang=${language}`, home).href;
      frame.onload = greet;
      box.append(frame);
    } else greet();
    box.hidden = false;
    opener.hidden = true;
  }

  function greet() {
    frame.focus();
    frame.contentWindow.postMessage({ chat: "opened" }, home.origin);
  }

  function close() {
    box.hidden = true;
    opener.hidden = false;
    opener.focus();
  }

  opener.onclick = open;
  addEventListener("message", (event) => {
    if (event.origin === home.origin && event.source === frame?.contentWindow && event.data?.chat === "close") close();
  });
  document.body.append(host);
})();
