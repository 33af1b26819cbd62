// Keeps the playground for offline use: all files of one version, or none of them.

// `cargo xtask web` fills it in: path and hash of every file.
const BUILD = { version: "", files: {} };

const PREFIX = "revproof-";
const CACHE = PREFIX + BUILD.version;

// A file of another version does not have the hash: then nothing is installed, and the browser tries again later.
async function keep() {
  const cache = await caches.open(CACHE);
  const fetched = Object.entries(BUILD.files).map(async ([path, integrity]) => {
    const response = await fetch(path, { cache: "no-cache", integrity });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    // Some hosts send on from index.html to the folder, and what came that way is no answer to a navigation.
    await cache.put(path, response.redirected ? new Response(response.body, response) : response);
  });
  try {
    await Promise.all(fetched);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function serve(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = self.registration.scope;
  const url = request.url.split(/[?#]/)[0];
  if (request.method !== "GET" || !url.startsWith(scope)) return;
  const path = url.slice(scope.length) || "index.html";
  if (Object.hasOwn(BUILD.files, path)) event.respondWith(serve(path, request));
});
