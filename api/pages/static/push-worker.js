// Shows what was pushed: one neutral sentence. A second one takes the place of the first.
"use strict";

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : { text: "…" };
  event.waitUntil(self.registration.showNotification(told.text, { tag: "plan", renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
