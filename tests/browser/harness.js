// What every test of the playground needs: a page of its own in a real Chromium, and the watch that nothing goes wrong
// behind its back. README.md beside this file says how to write a test.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

// Where the playground is served; `cargo xtask browser` says it.
export const ORIGIN = process.env.PLAYGROUND ?? "http://127.0.0.1:8000";
// What failing tests leave behind.
const FAILED = new URL("../../target/browser/", import.meta.url);

let browser;
let used = false;

// A browser for all pages; the tests of a file share one.
export async function start() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
      "--disable-background-networking", "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
      // A frame is painted when there is something to paint: measured is work, not the wait for a screen.
      "--disable-gpu-vsync", "--disable-frame-rate-limit",
      // Whatever the browser itself might want to load from elsewhere, it does not find.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

export function close() {
  return browser.close();
}

// A test with a page of its own: check("what holds", { options of open }, async (playground) => { … }).
// It fails as well where the page logs an error, throws, or asks for anything outside of its origin.
export function check(name, options, body) {
  if (!body) [options, body] = [{}, options];
  if (!used) {
    used = true;
    before(start);
    after(close);
  }
  test(name, { timeout: options.timeout ?? 60_000, skip: options.skip }, async () => {
    const playground = await open(options);
    try {
      await body(playground);
      playground.assertQuiet();
    } catch (error) {
      await playground.keep(name, error);
      throw error;
    } finally {
      await playground.close();
    }
  });
}

// options:
//   origin         where another server of the playground is                              that of the tests
//   path           what follows the origin: "?safe=1", "#ex=rename"                        ""
//   theme          "light" or "dark", as the system has it                                 "light"
//   viewport       { width, height }                                                       1280 × 800
//   touch          a touch screen                                                          false
//   reducedMotion  as the system has it                                                    true
//   serviceWorker  whether the page may install its own                                    false
//   ready          wait until the page can be used                                         true
//   proved         wait until the first verdicts are shown                                 true
//   storage        entries of localStorage that are there from a former visit              {}
//   before         a function that runs in the page before anything of its own
//   blank          a body of HTML, with the page's styles and policy, in the place of the page
//   errors         patterns of console errors that the test wants                          []
export async function open(options = {}) {
  const { path = "", theme = "light", viewport = { width: 1280, height: 800 }, touch = false } = options;
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: options.reducedMotion ?? true ? "reduce" : "no-preference",
    serviceWorkers: options.serviceWorker ? "allow" : "block",
    acceptDownloads: true,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: options.origin ?? ORIGIN });
  const playground = new Playground(context, options);
  if (options.before) await context.addInitScript(options.before);
  if (options.storage) await context.addInitScript(remember, options.storage);
  await context.addInitScript(observe);
  await playground.visit(path);
  return playground;
}

export class Playground {
  errors = [];
  requests = [];

  constructor(context, options) {
    this.context = context;
    this.options = options;
    this.origin = options.origin ?? ORIGIN;
    context.on("request", (request) => this.requests.push(request.url()));
    context.on("console", (message) => {
      if (message.type() === "error") this.errors.push(`${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (failure) => this.errors.push(String(failure.error()?.stack ?? failure.error())));
  }

  // Opens the page in a new tab of the same visitor.
  async visit(path = "") {
    this.page = await this.context.newPage();
    if (this.options.blank) return this.#blank();
    await this.page.goto(`${this.origin}/${path}`);
    if (this.options.ready ?? true) await this.ready();
    if (this.options.proved ?? this.options.ready ?? true) await this.proved();
    return this.page;
  }

  async #blank() {
    const policy = (await this.page.request.get(`${ORIGIN}/`)).headers()["content-security-policy"];
    const body = `<!doctype html><html lang=en><title>Blank</title><link rel=stylesheet href=style.css>${this.options.blank}`;
    const answer = { contentType: "text/html", headers: { "Content-Security-Policy": policy }, body };
    await this.page.route(`${ORIGIN}/blank.html`, (route) => route.fulfill(answer));
    await this.page.goto(`${ORIGIN}/blank.html`);
    await this.page.evaluate((theme) => (document.documentElement.dataset.theme = theme), this.options.theme ?? "light");
  }

  // The shell has taken the place of the skeleton.
  ready() {
    return this.page.waitForFunction(() => globalThis.times?.interactive !== undefined, undefined, { timeout: 15_000 });
  }

  // The engine's first answer is on the page.
  proved() {
    return this.page.waitForFunction(() => globalThis.times?.verdicts !== undefined, undefined, { timeout: 45_000 });
  }

  // Requests that went anywhere but to the playground.
  foreign() {
    return this.requests.filter((url) => !url.startsWith(`${this.origin}/`) && !/^(data|blob):/.test(url));
  }

  assertQuiet() {
    const wanted = this.options.errors ?? [];
    assert.deepEqual(this.errors.filter((text) => !wanted.some((pattern) => pattern.test(text))), [], "errors of the page");
    assert.deepEqual(this.foreign(), [], "requests that leave the origin");
  }

  // Leaves a picture of a failure in target/browser/, with what the page said.
  async keep(name, error) {
    const file = new URL(name.replaceAll(/\W+/g, "-"), FAILED);
    await mkdir(FAILED, { recursive: true });
    await writeFile(`${fileURLToPath(file)}.txt`, [error.stack, "", ...this.errors, "", ...this.requests].join("\n"));
    await this.page.screenshot({ path: `${fileURLToPath(file)}.png` }).catch(() => {});
  }

  close() {
    return this.context.close();
  }
}

// Runs in the page before anything of its own: a former visit.
function remember(storage) {
  // The empty document that a page begins with has none.
  if (location.protocol === "about:") return;
  for (const [key, value] of Object.entries(storage)) {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
  }
}

// Runs in the page before anything of its own: notes when it could be used and when the first verdicts were painted.
function observe() {
  const times = (globalThis.times = {});
  const note = (name) => requestAnimationFrame(() => setTimeout(() => (times[name] ??= performance.now())));
  const look = () => {
    if (!document.body) return;
    if (!document.getElementById("skeleton") && document.querySelector("main")) note("interactive");
    if (document.querySelector("#problems .count, #problems .clean")) note("verdicts");
    if (times.verdicts !== undefined) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true });
}
