// Paints parts of days by drawing across them, by whole rows and columns, and by keys. Without it, each is ticked.
"use strict";

const form = document.getElementById("paint");
// to the right, unless the page is read from there
const AHEAD = document.documentElement.dir === "rtl" ? -1 : 1;
let from = null;
let painting = false;

function boxes(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
}

function under(event) {
  const found = document.elementFromPoint(event.clientX, event.clientY);
  const cell = found && found.closest(".paint td");
  return cell && form.contains(cell) ? cell.querySelector("input") : null;
}

// one press ticks all of them, or clears them where all were ticked
function fill(some) {
  const on = some.some((each) => !each.checked);
  for (const each of some) each.checked = on;
}

form.addEventListener("pointerdown", (event) => {
  painting = false;
  const box = under(event);
  from = box && event.button === 0 ? { box, on: !box.checked } : null;
});

form.addEventListener("pointermove", (event) => {
  if (!from || !event.buttons) return;
  const box = under(event);
  if (!box || (box === from.box && !painting)) return;
  painting = true;
  from.box.checked = from.on;
  box.checked = from.on;
});

for (const ended of ["pointerup", "pointercancel"]) {
  addEventListener(ended, () => {
    from = null;
  });
}

// a press that has painted ends on a box as a click, which would tick it once more
form.addEventListener("click", (event) => {
  if (painting && event.target.closest(".paint label")) event.preventDefault();
  painting = false;
}, true);

form.addEventListener("dragstart", (event) => event.preventDefault());

form.addEventListener("keydown", (event) => {
  if (!event.target.matches(".paint input") || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -AHEAD], ArrowRight: [0, AHEAD] }[event.key];
  if (!step) return;
  event.preventDefault();
  const grid = [...form.querySelectorAll("table")].flatMap(boxes);
  const row = grid.findIndex((each) => each.includes(event.target));
  const next = grid[row + step[0]]?.[grid[row].indexOf(event.target) + step[1]];
  if (!next) return;
  if (event.shiftKey) next.checked = event.target.checked;
  next.focus();
});

for (const head of form.querySelectorAll("[data-fill]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.append(...head.childNodes);
  head.append(button);
  const rows = boxes(head.closest("table"));
  button.addEventListener("click", () => {
    const place = head.cellIndex - 1;
    fill(head.dataset.fill === "row" ? rows[head.parentElement.sectionRowIndex] : rows.map((row) => row[place]));
  });
}
