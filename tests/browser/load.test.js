// How the page comes up.

import assert from "node:assert/strict";
import { check } from "./harness.js";

check("the page loads and shows verdicts", async ({ page }) => {
  assert.match(await page.title(), /revproof/);
  assert.equal(await page.locator("#skeleton").count(), 0);
  assert.equal(await page.locator("main").count(), 1);
});

for (const theme of ["light", "dark"]) {
  check(`the theme of the system is taken: ${theme}`, { theme }, async ({ page }) => {
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
  });
}

check("a chosen theme wins over that of the system", { theme: "light", storage: { "revproof.theme": "dark" } },
  async ({ page }) => {
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  });

// The page may be gone before the answer is there.
const abort = (route) => route.abort().catch(() => {});

const FAILING = { ready: false, errors: [/Failed to load|Failed to fetch|ERR_|dynamically imported|TypeError/] };

check("a page whose shell can't be loaded says so, and what was typed stays", FAILING, async ({ context }) => {
  const page = await context.newPage();
  await page.route("**/revproof_web_bg.wasm", abort);
  await page.goto(process.env.PLAYGROUND);
  await page.locator("#early").fill("revision = 'a'");
  await page.getByRole("button", { name: "Try again" }).waitFor();
  assert.match(await page.locator("#loading").textContent(), /could not be started/);
  assert.equal(await page.locator("#early").inputValue(), "revision = 'a'");
});

check("a page whose script can't be loaded says so", FAILING, async ({ context }) => {
  const page = await context.newPage();
  await page.route("**/boot.js", abort);
  await page.goto(process.env.PLAYGROUND);
  await page.getByText("could not be loaded").waitFor();
});

check("without JavaScript the page says what it needs and what works without", { ready: false }, async ({ page }) => {
  const context = await page.context().browser().newContext({ javaScriptEnabled: false });
  try {
    const plain = await context.newPage();
    await plain.goto(process.env.PLAYGROUND);
    // Playwright's search for text leaves this element out.
    assert.match(await plain.locator("noscript").innerText(), /needs JavaScript and WebAssembly/);
    await plain.locator("#early").fill("still usable");
  } finally {
    await context.close();
  }
});
