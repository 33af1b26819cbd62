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
