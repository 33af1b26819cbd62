// Nothing leaves the page.

import assert from "node:assert/strict";
import { ORIGIN, check } from "./harness.js";

check("the server sends the policy of the page, and that no other page may frame it", { ready: false }, async ({ page }) => {
  const response = await page.request.get(`${ORIGIN}/`);
  const policy = response.headers()["content-security-policy"];
  const meta = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  assert.equal(policy, `${meta.replaceAll(/\s+/g, " ")}; frame-ancestors 'self'`);
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:|\*/);
});

const PAGE = "<main></main>";

// Each of them would send something to another origin, if the browser let it.
const ATTEMPTS = {
  fetch: () => fetch("https://example.com/").catch(() => {}),
  "a beacon": () => navigator.sendBeacon("https://example.com/", "text"),
  "a socket": () => new WebSocket("wss://example.com/"),
  "an event source": () => new EventSource("https://example.com/"),
  "an image": () => Object.assign(new Image(), { src: "https://example.com/a.png" }),
  "a script": () => document.head.append(Object.assign(document.createElement("script"), { src: "https://example.com/a.js" })),
  "a style sheet": () => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "https://example.com/a.css" })),
  "a frame": () => document.body.append(Object.assign(document.createElement("iframe"), { src: "https://example.com/" })),
  "an import": () => import("https://example.com/a.js").catch(() => {}),
  "a form": () => {
    const form = Object.assign(document.createElement("form"), { action: "https://example.com/", method: "post" });
    document.body.append(form);
    form.submit();
  },
};

for (const [what, attempt] of Object.entries(ATTEMPTS)) {
  const errors = [/example\.com/, /Content Security Policy/];
  check(`${what} to another origin is refused by the browser`, { blank: PAGE, errors }, async (playground) => {
    await playground.page.evaluate(() => {
      globalThis.refused = [];
      addEventListener("securitypolicyviolation", (event) => globalThis.refused.push(event.blockedURI));
    });
    await playground.page.evaluate(`(${attempt})(); undefined`);
    await playground.page.waitForFunction(() => globalThis.refused.some((url) => url.includes("example.com")));
    // What the policy refuses is never sent.
    await playground.page.waitForTimeout(100);
    playground.requests = playground.requests.filter((url) => !url.startsWith("https://example.com/"));
  });
}

for (const [what, attempt] of Object.entries({
  "an inline script": () => document.head.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" })),
  "text as a program": () => { try { globalThis.ran = new Function("return true")(); } catch { /* Refused. */ } },
  "a handler in markup": () => { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='globalThis.ran = true'>"); },
})) {
  const errors = [/Content Security Policy/, /404/];
  check(`${what} is not run`, { blank: PAGE, errors }, async ({ page }) => {
    // What the debugger evaluates is beyond the policy; what it puts off to a later turn is not.
    await page.evaluate(`setTimeout(${attempt}); undefined`);
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  });
}
