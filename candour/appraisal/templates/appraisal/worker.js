{% load static %}// Shows, where there is no connection, a page that says what waits on this device. It keeps no page of a return.
const PAGE = "{% url "appraisal:offline" %}";
const KEPT = [
  PAGE,
  "{% static "vendor/govuk-frontend.min.css" %}",
  "{% static "vendor/govuk-frontend.min.js" %}",
  "{% static "ui/candour.css" %}",
  "{% static "ui/candour.js" %}",
  "{% static "ui/early.js" %}",
  "{% static "ui/mark.svg" %}",
  "{% static "appraisal/waiting.js" %}",
];
const SHELF = `candour ${KEPT.join(" ")}`;

self.addEventListener("install", (event) => {
  const plain = KEPT.map((url) => new Request(url, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(plain)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // What is sent from a section waits on the device; what is sent from elsewhere only the browser's own page sends again.
  const kept = request.method === "GET" || new URL(request.url).pathname.includes("/section/");
  if (request.mode === "navigate") {
    if (kept) event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.method === "GET" && KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
