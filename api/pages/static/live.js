// Shows on an open page what has changed meanwhile. Without it a page shows that when loaded again.
"use strict";

const main = document.querySelector("main[data-changes]");
const said = document.getElementById("brought-up-to-date");
const offered = document.getElementById("has-changed");
let waiting = false;

function isBeingFilledIn() {
  return [...main.querySelectorAll("input, select, textarea, details, dialog")].some((each) => {
    if (each === document.activeElement || each.open) return true;
    if (each.options) return [...each.options].some((one) => one.selected !== one.defaultSelected) && each.selectedIndex !== 0;
    return each.type !== "hidden" && (each.value !== each.defaultValue || each.checked !== each.defaultChecked);
  });
}

function show(fresh) {
  const held = main.contains(document.activeElement) ? document.activeElement.outerHTML : null;
  main.replaceChildren(...fresh.childNodes);
  if (held) ([...main.querySelectorAll("a, button, summary")].find((each) => each.outerHTML === held) || main).focus({ preventScroll: true });
  said.textContent = said.dataset.words;
}

async function look() {
  if (document.hidden) {
    waiting = true;
    return;
  }
  waiting = false;
  try {
    const answer = await fetch(location.href, { cache: "no-cache", credentials: "same-origin", referrerPolicy: "no-referrer" });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (!fresh || fresh.innerHTML === main.innerHTML) return;
    if (isBeingFilledIn()) offered.hidden = false;
    else show(fresh);
  } catch {
    // no connection: the browser comes back by itself, and then it is told
  }
}

if (main && "EventSource" in window) {
  new EventSource(main.dataset.changes).addEventListener("changed", look);
  document.addEventListener("visibilitychange", () => waiting && look());
}
