// Adds a button that copies. Without it, the words are selected by hand.
"use strict";

const text = document.getElementById("text");
const place = document.getElementById("copy-place");
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
