// The problems: in the list, in the editor, explained, fixed, ignored, shown (what a visitor can do: 6).

import assert from "node:assert/strict";
import { assertAccessible } from "./axe.js";
import { check } from "./harness.js";

const line = (page, words) => page.locator(".problem-line", { hasText: words }).first();

check("problems stand in the editor and in the list; selecting one selects everything", { path: "#ex=says-it-worked" }, async ({ page }) => {
  await page.locator(".problem-line").first().waitFor();
  const last = page.locator(".problem-line").last();
  const place = await last.locator(".problem-place").textContent();
  await last.click();
  const file = place.split(":")[0];
  await page.getByRole("tab", { name: new RegExp(file.slice(0, 12)), selected: true }).waitFor();
  await page.locator(".cm-lintRange").first().waitFor();
  await page.locator("#revisions [aria-selected=true], #revisions [aria-current]").first().waitFor();
});

check("F8 goes from problem to problem, and around", { path: "#ex=says-it-worked" }, async ({ page }) => {
  const count = await page.locator(".problem-line").count();
  assert.ok(count > 1);
  for (let at = 0; at <= count; at++) {
    await page.keyboard.press("F8");
    await page.locator(`#problem-${at % count}.chosen`).waitFor();
  }
  await page.keyboard.press("Shift+F8");
  await page.locator(`#problem-${count - 1}.chosen`).waitFor();
});

check("the list is narrowed by text and by severity, and grouped by rule", { path: "#ex=says-it-worked" }, async ({ page }) => {
  const all = await page.locator(".problem").count();
  await page.keyboard.press("/");
  await page.keyboard.type("no such thing");
  await page.locator(".problem").first().waitFor({ state: "detached" });
  await page.locator("#problem-filter").fill("");
  await page.locator(".problem").nth(all - 1).waitFor();
  await page.getByLabel("Severity").selectOption("error");
  await page.waitForFunction(() => !document.querySelector(".problem:not(.is-error)"));
  await page.getByLabel("Severity").selectOption("all");
  await page.getByLabel("Group").selectOption("rule");
  const rule = await page.locator(".problem-rule").first().textContent();
  await page.locator("h3.group", { hasText: rule }).waitFor();
});

check("the manual of a rule opens beside, and its example in the page", async ({ page }) => {
  await page.getByRole("button", { name: "Explain" }).first().click();
  const manual = page.locator("#manual");
  await manual.getByRole("heading").first().waitFor();
  await assertAccessible(page, "#manual");
  assert.ok(await manual.locator(".manual-body").evaluate((body) => document.activeElement.closest("#manual") !== null));
  await manual.getByRole("button", { name: "Open its example" }).click();
  await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
  await page.keyboard.press("Escape");
});

check("a fix is shown before it is made", async ({ page }) => {
  const before = await page.locator(".problem").count();
  await page.getByRole("button", { name: "Fix…" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("ins").first().waitFor();
  await assertAccessible(page, "#preview");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.locator(".problem").count(), before);
  await page.getByRole("button", { name: "Fix…" }).first().click();
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.waitForFunction((before) => document.querySelectorAll(".problem").length < before, before);
});

check("a problem is ignored with a comment", async ({ page }) => {
  const renames = page.locator(".problem").filter({ hasText: "column-rename" });
  await renames.first().getByRole("button", { name: "Ignore…" }).click();
  await page.getByRole("dialog").locator("ins", { hasText: "revproof" }).first().waitFor();
  await page.getByRole("button", { name: "Apply" }).click();
  // What it made superfluous is told in its place.
  await page.locator(".problem").filter({ hasText: "drop-column" }).first().waitFor();
  assert.equal(await renames.count(), 0);
});

check("a problem is shown with its rows", async ({ page }) => {
  await page.keyboard.press("Alt+Home");
  await page.keyboard.press("Alt+1");
  await page.getByRole("button", { name: "Show rows" }).first().click();
  await page.getByRole("tab", { name: "Rows", selected: true }).waitFor();
  await page.locator("#database").getByText(/lost/).first().waitFor();
});

check("two heads are merged", { path: "#ex=two-heads" }, async ({ page }) => {
  await page.getByRole("button", { name: "Create merge revision" }).first().click();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("There are 2 heads.").waitFor({ state: "detached" });
});

check("one head is put on top of the other", { path: "#ex=two-heads" }, async ({ page }) => {
  await page.getByRole("button", { name: /^Put .* on top of / }).first().click();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("There are 2 heads.").waitFor({ state: "detached" });
});

check("a clean chain says what was proved", { path: "#ex=shop" }, async ({ page }) => {
  const clean = await page.locator(".clean").textContent();
  assert.match(clean, /10 revisions/);
});

check("a lens over a function says what it does, and runs it", async ({ page }) => {
  const lens = page.locator(".cm-lens");
  await lens.first().waitFor();
  assert.match(await lens.first().textContent(), /lossy/);
  await lens.first().getByRole("button", { name: "run to here" }).click();
  await page.locator(".live", { hasText: /Upgraded|upgraded/ }).waitFor({ state: "attached" });
});

check("the dialect and the rows change the verdicts", { path: "#ex=not-null" }, async ({ page }) => {
  const errors = () => page.locator(".counts").textContent();
  const before = await errors();
  await page.locator("#rows").selectOption("none");
  await page.waitForFunction((before) => document.querySelector(".counts").textContent !== before, before);
  await page.locator("#rows").selectOption("seeded");
  await page.waitForFunction((before) => document.querySelector(".counts").textContent === before, before);
  await page.getByLabel("Dialect").selectOption("mysql");
  await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
});
