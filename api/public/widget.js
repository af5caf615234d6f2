// Shows a pool's open hours on any page: <script src="https://…/widget.js" data-pool="name" async></script>
(function () {
  "use strict";
  var script = document.currentScript;
  var pool = script && script.getAttribute("data-pool");
  if (!pool) { return; }
  var base = new URL(script.src).origin + "/open/" + encodeURIComponent(pool);
  var channel = script.getAttribute("data-channel");
  var only = channel ? "?channel=" + encodeURIComponent(channel) : "";
  var box = document.createElement("div");
  box.className = "netreach-open-hours";
  box.setAttribute("role", "status");
  script.parentNode.insertBefore(box, script.nextSibling);

  function line(text) {
    var p = document.createElement("p");
    p.textContent = text;
    box.appendChild(p);
    return p;
  }

  function show(found) {
    var format = new Intl.DateTimeFormat("en-GB", {
      weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
      timeZone: found.zone, timeZoneName: "short"
    });
    function when(text) { return format.format(new Date(text)); }
    box.textContent = "";
    if (found.now.open) {
      line("Open now, until " + when(found.now.until) + (found.now.busy ? " (busy at the moment)" : ""));
    } else {
      line("Nobody is there at the moment.");
    }
    if (found.next) { line("Next: " + when(found.next.start)); }
    if (found.messages_answered_by) {
      line("A message left now is answered by " + when(found.messages_answered_by) + ".");
    }
    found.elsewhere.forEach(function (way) { line("Elsewhere now: " + [way.name, way.text, way.address].filter(Boolean).join(", ")); });
    var link = document.createElement("a");
    link.href = base + only;
    link.textContent = "All times";
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
