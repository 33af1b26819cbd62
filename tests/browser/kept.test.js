// What is kept between visits, and what becomes of the page when its analyser crashes.

import assert from "node:assert/strict";
import { check } from "./harness.js";

const editor = (page) => page.locator(".cm-content");
const panic = (page) => page.evaluate(() => dispatchEvent(new Event("revproof:panic")));
const PANIC = [/panicked/, /the page asked for a panic/, /unreachable/];

async function type(page, text) {
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

check("work is there at the next visit", async (playground) => {
  await type(playground.page, "# mine");
  await playground.page.waitForFunction(() => localStorage.getItem("revproof.work")?.includes("# mine"));
  await playground.page.close();
  const page = await playground.visit();
  await editor(page).getByText("# mine").waitFor();
  assert.equal(await page.getByText("Paste your versions/ files").count(), 0);
});

check("?safe=1 starts clean, and does not throw the work away", async (playground) => {
  await type(playground.page, "# mine");
  await playground.page.waitForFunction(() => localStorage.getItem("revproof.work")?.includes("# mine"));
  await playground.page.close();
  const page = await playground.visit("?safe=1");
  await page.getByText("Paste your versions/ files").waitFor();
  assert.ok(await page.evaluate(() => localStorage.getItem("revproof.work").includes("# mine")));
});

check("an example that nobody changed is not kept", async ({ page }) => {
  await page.getByRole("tab", { name: "Schema", exact: true }).click();
  await page.waitForTimeout(1000);
  assert.equal(await page.evaluate(() => localStorage.getItem("revproof.work")), null);
});

check("a crash leaves the text alone, and the analyser is started again", { errors: PANIC }, async ({ page }) => {
  await type(page, "# mine");
  await panic(page);
  await page.getByText("The analyser crashed and was started again").waitFor();
  await editor(page).getByText("# mine").waitFor();
  await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
  await page.getByRole("button", { name: "Copy bug report" }).click();
  await page.getByRole("button", { name: "Copied!" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /the page asked for a panic/);
  assert.match(report, /# mine/);
  await page.getByRole("button", { name: "down" }).first().click();
  await page.getByRole("button", { name: "Dismiss" }).first().click();
});

check("after two crashes the text is put in quarantine", { errors: PANIC }, async (playground) => {
  const { page } = playground;
  await type(page, "# mine");
  await panic(page);
  await page.getByText("The analyser crashed and was started again").waitFor();
  await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
  await panic(page);
  await page.getByText("The analyser crashed twice on this text").waitFor();
  await editor(page).getByText("# mine").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("revproof.work")), null);
  assert.ok(await page.evaluate(() => localStorage.getItem("revproof.quarantine").includes("# mine")));
  // Another text is tried.
  await type(page, "\n# better");
  await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
  await page.getByText("The analyser crashed twice on this text").waitFor({ state: "detached" });
});

check("a page whose analyser can't be loaded says so, and can be edited", { proved: false, errors: [/./] }, async (playground) => {
  await playground.context.route("**/revproof_wasm_bg.wasm", (route) => route.abort());
  const page = await playground.visit();
  await page.getByText("You can go on editing").waitFor();
  await editor(page).waitFor();
  await playground.context.unroute("**/revproof_wasm_bg.wasm");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#revisions [data-verdict]").first().waitFor();
});
