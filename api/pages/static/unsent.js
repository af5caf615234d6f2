// Keeps what was chosen in a form on this phone until it has arrived; free words are not kept.
// Without it each contact is one form, and a lost connection costs that one.
"use strict";

function entries(form) {
  return [...form.elements].filter((each) => each.name && each.type !== "hidden" && each.tagName !== "TEXTAREA");
}

function fits(field) {
  const listed = [...(field.list ? field.list.options : [])].map((each) => each.value);
  return listed.includes(field.value) || new RegExp(`^(?:${field.dataset.fits})$`).test(field.value);
}

function chosen(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  // what was typed may be just what must not be kept anywhere
  return field.dataset.fits === undefined || fits(field) ? field.value : "";
}

function keep(form) {
  const kept = { chosen: entries(form).map(chosen), mark: form.dataset.mark };
  sessionStorage.setItem(form.dataset.unsent, JSON.stringify(kept));
}

function bring(form) {
  const kept = JSON.parse(sessionStorage.getItem(form.dataset.unsent) || "{}");
  const fields = entries(form);
  if (!kept.chosen || kept.chosen.length !== fields.length) return;
  fields.forEach((each, at) => {
    if (typeof kept.chosen[at] === "boolean") each.checked = kept.chosen[at];
    else each.value = kept.chosen[at];
  });
  // it may have arrived, and only the answer was lost: by its mark the server knows it again
  if (kept.mark !== undefined) {
    form.dataset.mark = kept.mark;
    form.elements.mark.value = kept.mark;
  }
}

async function send(event) {
  const form = event.currentTarget;
  event.preventDefault();
  if (form.elements.mark) form.dataset.mark = form.elements.mark.value;
  keep(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
    if (answer.ok) {
      sessionStorage.removeItem(form.dataset.unsent);
      location.assign(answer.url);
      return;
    }
    // a refusal is a page of its own, which says what would help; what was chosen stays kept
    delete form.dataset.mark;
    keep(form);
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
