// Adds a button that copies. Without it, the words are selected by hand.
"use strict";

const text = document.getElementById("text");
const button = document.createElement("button");
button.type = "button";
button.textContent = "Copy to the clipboard";
button.addEventListener("click", async () => {
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copy it by hand";
  }
});
document.getElementById("copy-place").append(button);
