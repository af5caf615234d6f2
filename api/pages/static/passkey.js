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

function complaint(error) {
  if (error.name === "Error") return error.message;
  if (error.name === "InvalidStateError") return "This device has a passkey for this node already.";
  if (error.name === "SecurityError") return `Passkeys work at ${form.dataset.origin} only.`;
  if (error.name === "NotAllowedError") return "Nothing was done: it was cancelled, took too long, or there is no passkey.";
  return "That did not work. Try again, or use a sign-in link.";
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
    said.textContent = complaint(error);
  }
}

if (form && "PublicKeyCredential" in window) {
  document.getElementById("no-passkey").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", ask);
}
