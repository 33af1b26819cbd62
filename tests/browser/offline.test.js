// The service worker: offline after the first visit, and never two versions at once.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { ORIGIN, check } from "./harness.js";

// A server of the playground whose files can change: change(path, text) gives another text, or nothing.
async function mirror(change) {
  const mirror = { change };
  const server = createServer(async (request, answer) => {
    const path = new URL(request.url, ORIGIN).pathname;
    const response = await fetch(ORIGIN + path);
    let body = Buffer.from(await response.arrayBuffer());
    const changed = mirror.change(path.slice(1) || "index.html", body.toString());
    if (changed !== undefined) body = Buffer.from(changed);
    const kept = ["content-type", "content-security-policy", "cache-control"];
    const headers = kept.map((name) => [name, response.headers.get(name)]).filter(([, value]) => value);
    answer.writeHead(response.status, Object.fromEntries(headers)).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  mirror.origin = `http://127.0.0.1:${server.address().port}`;
  return mirror;
}

const same = () => undefined;
const host = await mirror(same);
const mixed = await mirror((path, text) => (path === "style.css" ? `${text}/* of another version */` : undefined));
const OPTIONS = { serviceWorker: true, timeout: 120_000, origin: host.origin };

// The versions that are kept, and how many files of each.
const kept = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  return Promise.all(names.map(async (name) => [name, (await (await caches.open(name)).keys()).length]));
});

const installed = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));

check("after the first visit the page works offline", OPTIONS, async (playground) => {
  await installed(playground.page);
  const [[name, files], ...others] = await kept(playground.page);
  assert.match(name, /^revproof-\w{12}$/);
  assert.ok(files >= 10, `${files} files are kept`);
  assert.deepEqual(others, []);
  await playground.page.close();
  await playground.context.setOffline(true);
  await playground.visit("?again");
});

check("while a host has files of two versions, none are kept",
  { ...OPTIONS, origin: mixed.origin, errors: [/integrity|digest/, /ServiceWorker/] },
  async ({ page }) => {
    // The page has tried it by then: it does so as soon as it is up.
    await page.waitForFunction(() => navigator.serviceWorker.getRegistration().then((registration) => registration === undefined));
    const again = await page.evaluate(() => navigator.serviceWorker.register("service-worker.js").then((registration) => (
      new Promise((resolve) => {
        const worker = registration.installing;
        worker.addEventListener("statechange", () => resolve(worker.state));
      })
    )));
    assert.equal(again, "redundant");
    assert.deepEqual(await kept(page), []);
  });

check("a newer version waits until it is wanted, and then takes the place of the old one", OPTIONS, async (playground) => {
  const { page } = playground;
  await installed(page);
  const [[old]] = await kept(page);
  // As a build of other sources would be: another version of everything.
  const [style, script] = await Promise.all(["style.css", "service-worker.js"].map(async (path) => (await fetch(`${ORIGIN}/${path}`)).text()));
  const newer = `${style}\n/* newer */`;
  const digest = await crypto.subtle.digest("SHA-256", Buffer.from(newer));
  const worker = script
    .replace(/"style.css": "[^"]*"/, `"style.css": "sha256-${Buffer.from(digest).toString("base64")}"`)
    .replace(old.replace("revproof-", ""), "newerversion");
  host.change = (path) => ({ "style.css": newer, "service-worker.js": worker })[path];
  const served = () => page.evaluate(async () => (await fetch("style.css")).text());

  await page.evaluate(() => {
    globalThis.offered = new Promise((resolve) => addEventListener("revproof:update", resolve, { once: true }));
    return navigator.serviceWorker.ready.then((registration) => registration.update());
  });
  await page.evaluate(() => globalThis.offered.then(() => {}));
  assert.equal(await served(), style);
  const loaded = page.waitForEvent("load");
  await page.evaluate(() => dispatchEvent(new Event("revproof:update-now")));
  await loaded;
  await playground.ready();
  assert.equal(await served(), newer);
  assert.deepEqual((await kept(page)).map(([name]) => name), ["revproof-newerversion"]);
});
