// What goes out of the page (what a visitor can do: 8), its help, theme and shortcuts.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { assertAccessible } from "./axe.js";
import { ORIGIN, check } from "./harness.js";

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

check("a link opens to the same files, step and tab", { path: "#ex=says-it-worked" }, async (playground) => {
  const { page } = playground;
  await page.getByRole("button", { name: "Share" }).click();
  await page.locator("#share").getByText(/characters long/).waitFor();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Copied!" }).waitFor();
  const link = await clipboard(page);
  assert.match(link, /#r1\.[\w-]+$/);
  const seen = async (page) => ({
    problems: await page.locator(".problem-message").allTextContents(),
    tab: await page.locator("#database [role=tab][aria-selected=true]").textContent(),
    file: await page.locator("#code [role=tab][aria-selected=true]").getAttribute("title"),
  });
  const before = await seen(page);
  await page.close();
  const again = await playground.visit(link.slice(ORIGIN.length + 1));
  await again.locator(".problem-message").first().waitFor();
  assert.deepEqual(await seen(again), before);
  assert.equal(new URL(again.url()).hash, "");
});

// Links that were once given away: each has to open for ever. A change of the format adds a line, and takes none away.
const OLD = (await readFile(new URL("links.txt", import.meta.url), "utf8")).trim().split("\n");

for (const [at, link] of OLD.entries()) {
  check(`link ${at + 1} of those given away before opens`, { path: `#${link}` }, async ({ page }) => {
    await page.locator("#revisions").getByText("call the column phone, as everywhere else", { exact: true }).waitFor();
    await page.locator(".stepper .position").filter({ hasText: "2 of 3: d83b5f06 contacts come in groups" }).waitFor();
    await page.getByRole("tab", { name: "Rows", selected: true }).waitFor();
    assert.equal(await page.locator("#code [role=tab]").count(), 5);
    assert.match(await page.locator(".problem-message").first().textContent(), /phone_no looks renamed/);
  });
}

check("a broken link says so, and the page goes on", { path: "#r1.nonsense" }, async ({ page }) => {
  await page.locator("#told").waitFor();
  await page.locator("#revisions [data-verdict]").first().waitFor();
});

check("Ctrl+S copies a link instead of saving the page", async ({ page }) => {
  await page.locator("body").press("Control+s");
  await page.locator(".live", { hasText: "Link copied" }).waitFor({ state: "attached" });
  assert.match(await clipboard(page), /#r1\./);
});

for (const [button, pattern] of [
  ["Copy Markdown link", /^\[.*\]\(http.*#r1\./],
  ["Copy Markdown report", /phone_no/],
  ["Copy issue report", /def upgrade/],
]) {
  check(`${button} puts it on the clipboard`, async ({ page }) => {
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("button", { name: "Copied!" }).waitFor();
    assert.match(await clipboard(page), pattern);
  });
}

for (const [button, name, start] of [
  ["Download zip", /\.zip$/, "PK"],
  ["Download HTML report", /\.html$/, "<!doctype html"],
]) {
  check(`${button} gives a file`, async ({ page }) => {
    await page.getByRole("button", { name: "Share" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: button }).click(),
    ]);
    assert.match(download.suggestedFilename(), name);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, start.length).toString().toLowerCase(), start.toLowerCase());
  });
}

check("the theme is chosen, and remembered", async (playground) => {
  const { page } = playground;
  const theme = (page) => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(page), "light");
  await page.getByLabel("Theme").selectOption("dark");
  assert.equal(await theme(page), "dark");
  const again = await playground.visit();
  assert.equal(await theme(again), "dark");
  assert.equal(await again.getByLabel("Theme").inputValue(), "dark");
  await again.getByLabel("Theme").selectOption("system");
  assert.equal(await theme(again), "light");
  await again.emulateMedia({ colorScheme: "dark" });
  await again.waitForFunction(() => document.documentElement.dataset.theme === "dark");
});

check("? lists the shortcuts; the focus comes back", async ({ page }) => {
  const help = page.getByRole("button", { name: "Help and shortcuts" });
  await help.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("next, previous problem").waitFor();
  await assertAccessible(page, "#help");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await help.evaluate((button) => document.activeElement === button));
  await page.locator("#revisions h2").click();
  await page.keyboard.press("?");
  await dialog.getByText("next, previous problem").waitFor();
});

check("F6 goes from pane to pane, and Alt steps", async ({ page }) => {
  await page.locator("#revisions h2").click();
  const at = () => page.evaluate(() => document.activeElement.closest("#revisions, #code, #database, #problems")?.id);
  const seen = [];
  for (let n = 0; n < 4; n++) {
    await page.keyboard.press("F6");
    await page.waitForTimeout(60);
    seen.push(await at());
  }
  assert.deepEqual([...seen].sort(), ["code", "database", "problems", "revisions"]);
  await page.keyboard.press("Alt+Home");
  await page.locator("#database").getByText("base").first().waitFor();
  await page.keyboard.press("Alt+ArrowUp");
  await page.locator(".live", { hasText: "a1c04e7b92d5" }).waitFor({ state: "attached" });
  await page.keyboard.press("Alt+7");
  await page.getByRole("tab", { name: "Console", selected: true }).waitFor();
});

check("lines between panes are moved with the keyboard", async ({ page }) => {
  const line = page.getByRole("separator", { name: "Width of the revisions" });
  const width = () => page.locator("#revisions").evaluate((pane) => pane.offsetWidth);
  const before = await width();
  await line.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await width(), before + 24);
  assert.equal(await line.getAttribute("aria-valuenow"), String(before + 24));
  const below = page.getByRole("separator", { name: "Height of the problems" });
  const height = () => page.locator("#problems").evaluate((pane) => pane.offsetHeight);
  const low = await height();
  await below.focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await height(), low + 24);
});

check("a narrow screen shows one pane at a time", { viewport: { width: 320, height: 640 }, touch: true }, async ({ page }) => {
  const shown = () => page.locator(".pane:visible").evaluateAll((panes) => panes.map((pane) => pane.id));
  for (const [button, pane] of [["Graph", "revisions"], ["Database", "database"], [/Problems/, "problems"], ["Code", "code"]]) {
    await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: button }).click();
    await page.locator(`#${pane}`).waitFor();
    assert.deepEqual(await shown(), [pane]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${pane} is too wide`);
  }
});
