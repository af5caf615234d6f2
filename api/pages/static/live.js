// Shows on an open page what has changed meanwhile. Without it a page shows that when loaded again.
"use strict";

const main = document.querySelector("main[data-changes]");
const said = document.getElementById("brought-up-to-date");
const offered = document.getElementById("has-changed");
let stream = null;
const offline = document.getElementById("is-offline");
const AGAIN = 5000;
const LONGEST = 10000;
let mark = null;
let asOf = new Date();
let looking = false;
let missed = false;

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

// one after the other: an older answer that comes late must not take the place of a newer one
async function look() {
  missed = true;
  if (looking) return;
  looking = true;
  while (missed) {
    missed = false;
    await lookOnce();
  }
  looking = false;
}

async function lookOnce() {
  const stop = new AbortController();
  const tooLong = setTimeout(() => stop.abort(), LONGEST);
  try {
    const answer = await fetch(location.href, { cache: "no-cache", credentials: "same-origin", referrerPolicy: "no-referrer", signal: stop.signal });
    // too many at once, or something broke: nobody says once more that the page has changed
    if (answer.status >= 429) setTimeout(look, AGAIN);
    if (!answer.ok || answer.redirected) return;
    asOf = new Date();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (!fresh || fresh.innerHTML === main.innerHTML) return;
    if (isBeingFilledIn()) offered.hidden = false;
    else show(fresh);
  } catch {
    // without a connection the browser comes back by itself, and then it is told
    if (stop.signal.aborted) setTimeout(look, AGAIN);
  } finally {
    clearTimeout(tooLong);
  }
}

// a page that nobody looks at holds no connection: a browser has six for all pages of a node
function listen() {
  if (stream) stream.close();
  stream = null;
  if (document.hidden) return;
  const address = new URL(main.dataset.changes, location.href);
  if (mark) address.searchParams.set("since", mark);
  stream = new EventSource(address);
  stream.addEventListener("changed", (event) => {
    mark = event.data;
    look();
  });
}

function sayWhetherOffline() {
  const time = offline.querySelector("time");
  time.textContent = asOf.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  time.dateTime = asOf.toISOString();
  offline.hidden = navigator.onLine;
  if (navigator.onLine) look();
}

if (main && offline) {
  window.addEventListener("offline", sayWhetherOffline);
  window.addEventListener("online", sayWhetherOffline);
  if (!navigator.onLine) sayWhetherOffline();
}

if (main && "EventSource" in window) {
  listen();
  document.addEventListener("visibilitychange", listen);
}
