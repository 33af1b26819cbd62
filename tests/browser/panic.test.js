// A panic of the engine ends the worker, and nothing else. `revproof:panic` is there for these tests.

import assert from "node:assert/strict";
import { check } from "./harness.js";

const PANICS = { errors: [/panicked|unreachable/] };
const panic = (page) => page.evaluate(() => dispatchEvent(new Event("revproof:panic")));
const text = (page) => page.locator(".cm-content").innerText();

check("after a panic the analyser is started again, the text is untouched, and the verdicts come back", PANICS,
  async ({ page, requests }) => {
    await page.locator(".cm-content").waitFor();
    const before = await text(page);
    const counts = await page.locator("#problems .counts").innerText();
    const loaded = () => requests.filter((url) => url.endsWith("/worker.js")).length;
    assert.equal(loaded(), 1);
    await panic(page);
    await page.getByRole("alert").getByText("was started again").waitFor();
    assert.equal(await text(page), before);
    await page.waitForFunction(() => !document.querySelector(".page.stale"));
    assert.equal(await page.locator("#problems .counts").innerText(), counts);
    assert.equal(loaded(), 2);
  });

check("a text that makes it panic twice is put aside, and another can be worked on", PANICS, async (playground) => {
  const { page } = playground;
  await page.locator(".cm-content").waitFor();
  await panic(page);
  await page.getByRole("alert").getByText("was started again").waitFor();
  await page.waitForFunction(() => !document.querySelector(".page.stale"));
  await panic(page);
  await page.getByRole("alert").getByText("crashed twice").waitFor();
  await page.getByRole("link", { name: "Start clean" }).click();
  await playground.ready();
  await playground.proved();
  assert.equal(await page.getByRole("alert").count(), 0);
});

// A worker that does not answer, for as long as the page says `held`.
function holdable() {
  globalThis.workers = 0;
  const Worker = globalThis.Worker;
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      globalThis.workers++;
    }

    postMessage(...given) {
      if (!globalThis.held) super.postMessage(...given);
    }
  };
}

check("an analysis that takes long can be stopped, and taken up again", { before: holdable }, async ({ page }) => {
  await page.locator(".cm-content").waitFor();
  await page.evaluate(() => (globalThis.held = true));
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# kept");
  await page.locator("#long").getByRole("button", { name: "Stop" }).click();
  await page.locator("#stopped").waitFor();
  assert.equal(await page.evaluate(() => globalThis.workers), 2, "the worker was replaced");
  assert.match(await page.locator(".cm-content").innerText(), /^# kept/);
  await page.evaluate(() => (globalThis.held = false));
  await page.locator("#stopped").getByRole("button", { name: "Analyse again" }).click();
  await page.waitForFunction(() => !document.querySelector(".page.stale"));
  assert.equal(await page.locator("#stopped, #long").count(), 0);
});
