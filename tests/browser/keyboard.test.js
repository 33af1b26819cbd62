// All of it by keyboard alone: no pointer is moved or pressed in this file.

import assert from "node:assert/strict";
import { check } from "./harness.js";

const focused = (page) => page.evaluate(() => document.activeElement?.closest("section[id]")?.id ?? "");
const position = (page, text) => page.locator(".stepper .position").filter({ hasText: text }).waitFor();

// Presses a key until the focus is where it should be.
async function reach(page, key, name, there) {
  for (let pressed = 0; pressed < 60; pressed++) {
    if (await there()) return;
    await page.keyboard.press(key);
    await page.waitForTimeout(20);
  }
  assert.fail(`${key} does not lead to ${name}`);
}

check("a visitor lands, selects, steps, opens a problem, fixes it and shares, by keyboard alone", async ({ page }) => {
  await page.locator(".cm-content").waitFor();
  await reach(page, "F6", "the revisions", async () => await focused(page) === "revisions");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await position(page, "1 of 3");
  await page.keyboard.press("Alt+ArrowUp");
  await position(page, "2 of 3");
  await page.keyboard.press("Alt+1");
  await page.getByRole("tab", { name: "Schema", selected: true }).waitFor();
  await page.keyboard.press("Alt+Home");
  await position(page, "0 of 3");
  await page.keyboard.press("F8");
  await page.locator(".problem.chosen").waitFor();
  await reach(page, "F6", "the problems", async () => await focused(page) === "problems");
  const before = await page.locator(".problem").count();
  const button = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  await reach(page, "Tab", "the fix", async () => await button() === "Fix…");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => document.querySelectorAll(".problem").length < before, before);
  await page.keyboard.press("Control+s");
  await page.locator(".live", { hasText: "Link copied" }).waitFor({ state: "attached" });
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /#r1\.[\w-]+$/);
});

check("a shortcut opens the list of problems that it narrows", { path: "#ex=says-it-worked" }, async ({ page }) => {
  await reach(page, "F6", "the problems", async () => await focused(page) === "problems");
  const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await reach(page, "Shift+Tab", "the button that folds them", async () => await name() === "Show the problems");
  await page.keyboard.press("Enter");
  await page.locator("#problems.folded").waitFor();
  await page.keyboard.press("/");
  await page.locator("#problems:not(.folded) #problem-filter:focus").waitFor();
});
