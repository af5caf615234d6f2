// Shows on an open session page what is withdrawn meanwhile. Without it the page shows it when loaded.
"use strict";

const EVERY = 20000;

async function look() {
  const here = document.getElementById("withdrawn");
  if (!here || document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = fresh.getElementById("withdrawn");
    if (there && there.textContent !== here.textContent) here.replaceChildren(...there.childNodes);
  } catch {
    // no connection: the next look tries again
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
