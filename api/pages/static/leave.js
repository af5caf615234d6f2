// Leaves the public page at once, and takes it from behind "Back". Without it the link is a link.
"use strict";

const wayOut = document.querySelector(".leaving a");
let presses = 0;

function leave(event) {
  event.preventDefault();
  // the other site may take a while to come
  document.documentElement.hidden = true;
  document.title = wayOut.hostname;
  location.replace(wayOut.href);
}

wayOut.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  presses = event.key === "Escape" ? presses + 1 : 0;
  if (presses === 3) leave(event);
});
