// Keeps what was chosen in a form on this phone until it has arrived; words of a note are not kept.
// Without it each contact is one form, and a lost connection costs that one.
"use strict";

function entries(form) {
  return [...form.elements].filter((each) => each.name && each.type !== "hidden" && each.tagName !== "TEXTAREA");
}

function keep(form) {
  const chosen = entries(form).map((each) => (each.type === "checkbox" || each.type === "radio" ? each.checked : each.value));
  sessionStorage.setItem(form.dataset.unsent, JSON.stringify(chosen));
}

function bring(form) {
  const kept = sessionStorage.getItem(form.dataset.unsent);
  if (!kept) return;
  const chosen = JSON.parse(kept);
  const fields = entries(form);
  if (chosen.length !== fields.length) return;
  fields.forEach((each, at) => {
    if (typeof chosen[at] === "boolean") each.checked = chosen[at];
    else each.value = chosen[at];
  });
}

async function send(event) {
  const form = event.currentTarget;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
    if (answer.ok) {
      sessionStorage.removeItem(form.dataset.unsent);
      location.assign(answer.url);
      return;
    }
    // a refusal is a page of its own, which says what would help; what was chosen stays kept
    form.removeEventListener("submit", send);
    form.submit();
  } catch {
    let said = form.querySelector("[role=alert]");
    if (!said) {
      said = document.createElement("p");
      said.className = "note bad";
      said.setAttribute("role", "alert");
      form.append(said);
    }
    said.textContent = form.dataset.words;
  }
}

for (const form of document.querySelectorAll("form[data-unsent]")) {
  bring(form);
  form.addEventListener("change", () => keep(form));
  form.addEventListener("submit", send);
}
