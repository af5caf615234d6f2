// Adds a button that copies. Without it, the words are selected by hand.
"use strict";

const text = document.getElementById("text");
const place = document.getElementById("copy-place");
const button = document.createElement("button");
button.type = "button";
button.textContent = place.dataset.copy;
button.addEventListener("click", async () => {
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = place.dataset.copied;
  } catch {
    button.textContent = place.dataset.byHand;
  }
});
place.append(button);
