// Asks the browser for its push address and sends it with the form. Without it the page works as well.
"use strict";

const form = document.getElementById("push-device");

/** Wait until a service worker has started: only then can a browser be subscribed. */
function started(registration) {
  const coming = registration.installing || registration.waiting;
  if (registration.active || !coming) return Promise.resolve();
  return new Promise((resolve) => {
    coming.addEventListener("statechange", () => {
      if (coming.state === "activated") resolve();
    });
  });
}

async function subscribed(key) {
  const registration = await navigator.serviceWorker.register("/static/push-worker.js");
  await started(registration);
  // one made for another key would never ring
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function fillIn(event) {
  event.preventDefault();
  const said = document.getElementById("push-refused");
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      said.textContent = "This browser does not allow it. You can change that in its settings for this page.";
      return;
    }
    const told = (await subscribed(form.dataset.key)).toJSON();
    form.elements.endpoint.value = told.endpoint;
    form.elements.p256dh.value = told.keys.p256dh;
    form.elements.auth.value = told.keys.auth;
    form.submit();
  } catch {
    said.textContent = "This browser gave no address. Try again later, or use mail.";
  }
}

// where scripts are on, the page shows the form from the start, so that nothing moves under a finger
if (form) {
  const none = document.getElementById("no-push");
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  none.hidden = able;
  form.hidden = !able;
  (able ? form : none).classList.remove("by-script", "without-script");
  if (able) form.addEventListener("submit", fillIn);
}
