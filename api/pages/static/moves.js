// Moves by arrow keys from card to card, and left and right from day to day. Without it, Tab does.
"use strict";

const CONTROLS = "a[href], button, summary";
// the next day stands where reading goes on
const LATER = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";

function aim(key, card) {
  const cards = [...document.querySelectorAll("main .cards > .card")].filter((each) => each.querySelector(CONTROLS));
  const at = cards.indexOf(card);
  if (key === "ArrowDown") return cards[at + 1];
  if (key === "ArrowUp") return cards[at - 1];
  const days = [...new Set(cards.map((each) => each.parentElement))];
  const day = days[days.indexOf(card.parentElement) + (key === LATER ? 1 : -1)];
  return cards.find((each) => each.parentElement === day);
}

document.addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const card = document.activeElement.closest(".cards > .card");
  // what has arrows of its own keeps them
  if (!card || document.activeElement.matches("input, select, textarea")) return;
  const next = aim(event.key, card);
  if (!next) return;
  event.preventDefault();
  next.querySelector(CONTROLS).focus();
});
