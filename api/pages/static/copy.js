// Copies by one press. Without it, the words are selected by hand, on a page of their own.
// Pages with answers do not defer it: a press before it listens would lead to that other page.
"use strict";

function offer(text, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.copy;
  button.addEventListener("click", async () => {
    if (text.select) text.select();
    else getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.value ?? text.textContent);
      button.textContent = place.dataset.copied;
    } catch {
      button.textContent = place.dataset.byHand;
    }
  });
  place.append(button);
}

function offerWhereReady() {
  const place = document.getElementById("copy-place");
  if (place) offer(document.getElementById("text"), place);
}

async function answered(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function wordsOf(page) {
  return new Blob([(await page).getElementById("text").value], { type: "text/plain" });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.copied || !window.ClipboardItem || !navigator.clipboard) return;
  event.preventDefault();
  const page = answered(form);
  const told = form.querySelector("output");
  told.textContent = "";
  try {
    // promised at once: some browsers let only a press write, and forget it while a node answers
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": wordsOf(page) })]);
    told.textContent = form.dataset.copied;
  } catch {
    // what the node says instead: why not, or the words to be selected; unless it cannot be reached
    const main = await page.then((shown) => shown.querySelector("main"), () => null);
    if (!main) return form.submit();
    document.querySelector("main").replaceWith(main);
    offerWhereReady();
    main.focus();
  }
});

document.addEventListener("DOMContentLoaded", offerWhereReady);
