// What the tabs and the graph ask the analyser for: differences, SQL, the diagram, answers to queries, pictures.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { check } from "./harness.js";

const tab = (page, name) => page.locator("#database").getByRole("tab", { name }).click();
const button = (page, name) => page.locator("#database").getByRole("button", { name, exact: true });

check("the difference of two revisions has a before and an after", async ({ page }) => {
  await tab(page, "Diff");
  await page.getByLabel("From", { exact: true }).selectOption("base");
  await page.getByLabel("To", { exact: true }).selectOption({ label: "d83b5f06 contacts come in groups" });
  const table = page.getByRole("group", { name: "Differences" });
  await table.getByRole("row").filter({ hasText: "new" }).filter({ hasText: "contacts" }).first().waitFor();
  await page.locator("#panel pre").filter({ hasText: /CREATE TABLE contacts/ }).waitFor();
  await page.getByLabel("To", { exact: true }).selectOption("base");
  await page.getByText("Nothing differs").waitFor();
});

check("the SQL of a step, up and down, in each dialect", { path: "#ex=not-null" }, async ({ page }) => {
  await tab(page, "SQL");
  const statements = page.locator("#panel .statement");
  await statements.filter({ hasText: "ALTER TABLE" }).first().waitFor();
  assert.ok((await page.locator("#panel .lock").count()) > 0, "it says what is locked");
  await page.getByRole("button", { name: "downgrade", exact: true }).click();
  await statements.filter({ hasText: "DROP COLUMN" }).first().waitFor();
  await page.locator("#panel").getByLabel("Dialect").selectOption("mysql");
  await page.locator("#panel h3").filter({ hasText: "mysql" }).waitFor();
  await page.getByRole("button", { name: "Copy all statements" }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /DROP COLUMN/);
});

check("the diagram is drawn, moved by keyboard, and told in words", { path: "#ex=shop" }, async ({ page }) => {
  await tab(page, "Diagram");
  await page.locator(".drawing svg").waitFor();
  const frame = page.getByRole("img", { name: /^Diagram of the tables/ });
  const width = () => page.locator(".drawing svg").evaluate((svg) => svg.getBoundingClientRect().width);
  const before = await width();
  await frame.focus();
  await page.keyboard.press("+");
  await page.waitForFunction((before) => document.querySelector(".drawing svg").getBoundingClientRect().width > before * 1.2, before);
  await page.keyboard.press("ArrowRight");
  await page.getByText("The diagram in words").click();
  await page.locator(".in-words li").filter({ hasText: /^orders: .*FK/ }).waitFor();
});

check("SQL is run on the database as it stands", async ({ page }) => {
  await tab(page, "Console");
  const input = page.getByLabel(/^SQL, run on/);
  await input.fill("SELECT count(*) AS n FROM contacts");
  await page.keyboard.press("Control+Enter");
  await page.locator(".result").getByRole("columnheader", { name: "n" }).waitFor();
  await input.fill("DELETE FROM contacts");
  await button(page, "Run").click();
  await page.locator(".result").filter({ hasText: /\d+ rows? written/ }).waitFor();
  await input.fill("SELECT * FROM nowhere");
  await button(page, "Run").click();
  await page.locator(".result").filter({ hasText: "error:" }).waitFor();
  await input.focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await input.inputValue(), "SELECT * FROM nowhere");
  await page.keyboard.press("ArrowUp");
  assert.equal(await input.inputValue(), "DELETE FROM contacts");
});
for (const [title, ending, start] of [["Picture (SVG)", "svg", "<svg"], ["Mermaid", "mmd", ""], ["Graphviz (DOT)", "dot", "digraph"]]) {
  check(`the graph is saved: ${title}`, { path: "#ex=two-heads" }, async ({ page }) => {
    await page.getByRole("button", { name: "Save the graph" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: title }).click()]);
    assert.equal(file.suggestedFilename(), `revisions.${ending}`);
    const text = await readFile(await file.path(), "utf8");
    assert.ok(text.startsWith(start) || text.includes(start), text.slice(0, 200));
    assert.ok(text.includes("1b7d90c3e5a4"), "every revision is in it");
  });
}
