// Shows a pool's open hours on any page: <script src="https://…/widget.js" data-pool="name" async></script>
(function () {
  "use strict";
  var TEXTS = {
    en: {
      locale: "en-GB",
      open: "Open now, until {when}", busy: "busy at the moment", closed: "Nobody is there at the moment.",
      next: "Next: {when}", message: "A message left now is answered by {when}.",
      elsewhere: "Elsewhere now: {where}", all: "All times"
    },
    nl: {
      locale: "nl",
      open: "Nu open, tot {when}", busy: "op dit moment druk", closed: "Er is nu niemand.",
      next: "Volgende keer: {when}", message: "Een bericht dat je nu achterlaat, wordt uiterlijk {when} beantwoord.",
      elsewhere: "Nu ergens anders: {where}", all: "Alle tijden"
    },
    ro: {
      locale: "ro",
      open: "Deschis acum, până la {when}", busy: "toți sunt ocupați acum", closed: "Acum nu este nimeni.",
      next: "Următoarea dată: {when}", message: "La un mesaj lăsat acum se răspunde până la {when}.",
      elsewhere: "În altă parte, acum: {where}", all: "Toate orele"
    }
  };
  var script = document.currentScript;
  var pool = script && script.getAttribute("data-pool");
  if (!pool) { return; }

  // what the site says, then the language of its page, then the browser's
  var wanted = [script.getAttribute("data-language"), document.documentElement.lang].concat(navigator.languages || []);
  var language = wanted.map(function (tag) { return String(tag || "").toLowerCase().split("-")[0]; })
    .filter(function (tag) { return TEXTS.hasOwnProperty(tag); })[0] || "en";
  var texts = TEXTS[language];

  var base = new URL(script.src).origin + "/open/" + encodeURIComponent(pool);
  var channel = script.getAttribute("data-channel");
  var only = channel ? "?channel=" + encodeURIComponent(channel) : "";
  var box = document.createElement("div");
  box.className = "netreach-open-hours";
  box.lang = language;
  box.setAttribute("role", "status");
  script.parentNode.insertBefore(box, script.nextSibling);

  function line(text) {
    var p = document.createElement("p");
    p.textContent = text;
    box.appendChild(p);
    return p;
  }

  function show(found) {
    var format = new Intl.DateTimeFormat(texts.locale, {
      weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
      timeZone: found.zone, timeZoneName: "short"
    });
    function say(text, at) { return text.replace("{when}", function () { return format.format(new Date(at)); }); }
    box.textContent = "";
    if (found.now.open) {
      line(say(texts.open, found.now.until) + (found.now.busy ? " (" + texts.busy + ")" : ""));
    } else {
      line(texts.closed);
    }
    if (found.next) { line(say(texts.next, found.next.start)); }
    if (found.messages_answered_by) { line(say(texts.message, found.messages_answered_by)); }
    found.elsewhere.forEach(function (way) {
      var where = [way.name, way.text, way.address].filter(Boolean).join(", ");
      line(texts.elsewhere.replace("{where}", function () { return where; }));
    });
    var link = document.createElement("a");
    link.href = base + (only ? only + "&" : "?") + "lang=" + language;
    link.textContent = texts.all;
    line("").appendChild(link);
  }

  function load() {
    fetch(base + ".json" + only, { credentials: "omit", referrerPolicy: "no-referrer" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(show)
      .catch(function () {
        // rather nothing than hours that may be wrong
        box.textContent = "";
      });
  }

  load();
  setInterval(load, 60000);
}());
