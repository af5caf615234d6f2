// Makes a passkey, or signs in with one. Without it a sign-in link works as well.
"use strict";

const form = document.getElementById("passkey");
const said = document.getElementById("passkey-said");
const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const names = ["client_data", "attestation", "authenticator_data", "signature", "user_handle"];

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

function words(buffer) {
  const text = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** Ask the node what the device is to sign; what it refuses, it says itself. */
async function question() {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.title);
  told.challenge = bytes(told.challenge);
  if (told.user) told.user.id = bytes(told.user.id);
  for (const known of told.excludeCredentials || []) known.id = bytes(known.id);
  return told;
}

/** Say what was wrong: in the page's words, or in the node's own, which are in English. */
function complain(error) {
  const refused = error.name === "Error";
  const words = { InvalidStateError: "known", SecurityError: "elsewhere", NotAllowedError: "notDone" };
  said.lang = refused ? "en" : document.documentElement.lang;
  said.textContent = refused ? error.message : said.dataset[words[error.name] || "failed"];
}

async function ask(event) {
  event.preventDefault();
  said.textContent = "";
  try {
    const publicKey = await question();
    const made = publicKey.user
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    form.elements.credential.value = words(made.rawId);
    fields.forEach((field, at) => {
      const input = form.elements[names[at]];
      if (input) input.value = words(made.response[field] || new ArrayBuffer(0));
    });
    form.submit();
  } catch (error) {
    complain(error);
  }
}

if (form && "PublicKeyCredential" in window) {
  document.getElementById("no-passkey").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", ask);
}
