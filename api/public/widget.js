// Shows a pool's open hours on any page: <script src="https://…/widget.js" data-pool="name" async></script>
(() => {
  "use strict";
  const TEXTS = {
    en: {
      locale: "en-GB",
      open: "Open now, until {when}", busy: "busy at the moment", closed: "Nobody is there at the moment.",
      next: "Next: {when}", message: "A message left now is answered by {when}.",
      elsewhere: "Elsewhere now: {where}", all: "All times",
      own: "your own time"
    },
    nl: {
      locale: "nl",
      open: "Nu open, tot {when}", busy: "op dit moment druk", closed: "Er is nu niemand.",
      next: "Volgende keer: {when}", message: "Een bericht dat je nu achterlaat, wordt uiterlijk {when} beantwoord.",
      elsewhere: "Waar je nu wel terechtkunt: {where}", all: "Alle tijden",
      own: "je eigen tijd"
    },
    ro: {
      locale: "ro",
      open: "Deschis acum, până la {when}", busy: "toți sunt ocupați acum", closed: "Acum nu este nimeni.",
      next: "Următoarea dată: {when}", message: "La un mesaj lăsat acum se răspunde până la {when}.",
      elsewhere: "Unde poți apela acum: {where}", all: "Toate orele",
      own: "ora ta"
    }
  };
  const STYLE = `[part] { all: initial; display: block; direction: ltr; color-scheme: inherit; font: medium/1.5 sans-serif;
font-family: inherit; color: CanvasText; background: Canvas; border: 1px solid; border-radius: .4em; padding: .5em 1em }
p { margin: .25em 0; overflow-wrap: anywhere }
a { color: LinkText; display: inline-block; padding: .6em 0; min-height: 44px; box-sizing: border-box }`;
  const DAY = { weekday: "long", day: "numeric", month: "long" };
  const script = document.currentScript;
  const { pool, channel, language: told } = script ? script.dataset : {};
  if (!pool) return;

  // what the site says, then the language of its page, then the browser's
  const language = [told, document.documentElement.lang, ...(navigator.languages || [])]
    .map((tag) => String(tag || "").toLowerCase().split("-")[0])
    .find((tag) => TEXTS.hasOwnProperty(tag)) || "en";
  const texts = TEXTS[language];
  const base = `${new URL(script.src).origin}/open/${encodeURIComponent(pool)}`;
  const only = channel ? `channel=${encodeURIComponent(channel)}&` : "";

  // the place is the site's; what stands in it is ours, so that no style leads from one to the other
  const place = document.createElement("div");
  place.className = "netreach-open-hours";
  place.lang = language;
  script.after(place);
  const root = place.attachShadow({ mode: "open" });
  // a sheet that is made here needs no permission from a policy that refuses styles
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  }

  function add(parent, name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    parent.append(made);
    return made;
  }
  function link(parent, address, text) {
    Object.assign(add(parent, "a", text), { href: address, rel: "noreferrer" });
  }
  function write(at, timeZone, options) {
    return new Date(at).toLocaleString(texts.locale, { hour: "2-digit", minute: "2-digit", timeZone, ...options });
  }
  // where the visitor's clock shows another time, that comes first and the pool's is behind it
  function when(at, zone) {
    if (write(at, undefined, DAY) === write(at, zone, DAY)) return write(at, zone, { ...DAY, timeZoneName: "short" });
    const own = write(at, undefined, { ...DAY, timeZoneName: "long" });
    return `${own}, ${texts.own} (${write(at, zone, { weekday: "long", timeZoneName: "short" })})`;
  }

  function elsewhere(parent, { name, text, address }) {
    const words = [name, text].filter(Boolean).join(", ");
    const line = add(parent, "p", texts.elsewhere.replace("{where}", () => words), address ? ", " : "");
    if (/^(https?:\/\/|tel:|mailto:)/.test(address)) link(line, address, address);
    else line.append(address);
  }
  function fill(status, { zone, now, next, messages_answered_by: due, elsewhere: ways }) {
    const say = (text, at) => text.replace("{when}", () => when(at, zone));
    const busy = now.busy ? ` (${texts.busy})` : "";
    add(status, "p", now.open ? say(texts.open, now.until) + busy : texts.closed);
    if (next) add(status, "p", say(texts.next, next.start));
    if (due) add(status, "p", say(texts.message, due));
    ways.forEach((way) => elsewhere(status, way));
  }

  function show(found) {
    const fresh = document.createElement("div");
    fresh.setAttribute("role", "status");
    fill(fresh, found);
    const status = root.querySelector("[role]");
    if (!status) {
      const box = add(root, "div", fresh);
      box.setAttribute("part", "box");
      link(box, `${base}?${only}lang=${language}`, texts.all);
    } else if (!status.isEqualNode(fresh)) {
      // nothing is read out again, and no focus lost, where nothing is new
      status.replaceChildren(...fresh.childNodes);
    }
  }

  async function load() {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${base}.json?${only}`.replace(/[?&]$/, ""), { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.json());
    } catch {
      // rather nothing than hours that may be wrong
      root.textContent = "";
    }
  }

  load();
  setInterval(load, 60000);
  document.addEventListener("visibilitychange", load);
})();
