// The simulated database: the stepper, and each of its tabs.

import assert from "node:assert/strict";
import { check } from "./harness.js";

const position = (page) => page.locator(".stepper .position");
const at = (page, text) => position(page).filter({ hasText: text }).waitFor();
const tab = (page, name) => page.locator("#database").getByRole("tab", { name }).click();
const button = (page, name) => page.locator("#database").getByRole("button", { name, exact: true });

check("the page begins with the values that a downgrade lost", async ({ page }) => {
  await at(page, "2 of 3: d83b5f06");
  await page.locator("#database").getByRole("tab", { name: /Rows/, selected: true }).waitFor();
  const lost = page.locator("#panel td.lost").first();
  await lost.waitFor();
  assert.match(await lost.textContent(), /lost/, "it says so in words");
  assert.ok((await lost.locator("del").textContent()).length > 0, "the value is to be seen, struck out");
  await page.locator("#database").getByRole("tab", { name: /\d+ lost/ }).waitFor();
});

check("the stepper goes down and up, to base and to head", async ({ page }) => {
  await button(page, "head: upgrade all").click();
  await at(page, "3 of 3");
  assert.equal(await page.locator("#step-up").getAttribute("aria-disabled"), "true");
  await button(page, "base: downgrade all").click();
  await at(page, "0 of 3: base");
  await button(page, "up: upgrade one revision").click();
  await at(page, "1 of 3: a1c04e7b create contacts");
  await button(page, "up: upgrade one revision").click();
  await at(page, "2 of 3");
  await button(page, "down: downgrade one revision").click();
  await at(page, "1 of 3");
  await page.locator(".live").filter({ hasText: "Downgraded to" }).waitFor({ state: "attached" });
});

check("at a branch point one chooses which way is up", { path: "#ex=two-heads" }, async ({ page }) => {
  await button(page, "base: downgrade all").click();
  await at(page, "0 of 4");
  for (;;) {
    await page.keyboard.press("Alt+ArrowUp");
    await page.waitForTimeout(150);
    if (await page.getByRole("group", { name: "Upgrade to which?" }).isVisible()) break;
  }
  const choices = page.getByRole("group", { name: "Upgrade to which?" }).getByRole("button");
  assert.equal(await choices.count(), 3, "two branches, and all of them");
  const wanted = (await choices.first().textContent()).split(" ")[0];
  await choices.first().click();
  await at(page, wanted);
  await page.getByRole("group", { name: "Upgrade to which?" }).waitFor({ state: "detached" });
});

check("with two heads, head is refused in Alembic's words", { path: "#ex=two-heads" }, async ({ page }) => {
  await button(page, "head: upgrade all").click();
  await page.locator("#refused").filter({ hasText: "not moved" }).filter({ hasText: /head/ }).waitFor();
});

check("a failed step is told with what a server says, and what is left", { path: "#ex=says-it-worked" }, async ({ page }) => {
  await button(page, "up: upgrade one revision").click();
  const failure = page.locator("#failure");
  await failure.filter({ hasText: "failed" }).filter({ hasText: "SQLSTATE 42P07" }).waitFor();
  await failure.filter({ hasText: "What is left" }).waitFor();
  assert.ok((await page.locator(".operation.is-failed").count()) === 1);
  await failure.getByRole("button", { name: /^Show line \d+ of versions/ }).click();
});

check("rows that a server would have stopped at are no pass", { path: "#ex=not-null" }, async ({ page }) => {
  await page.locator(".step-line").filter({ hasText: "rows refused" }).waitFor();
  await page.locator(".report .note").filter({ hasText: "a server would have stopped here" }).waitFor();
  assert.equal(await page.locator("#database").getByRole("tab", { name: /lost/ }).count(), 0, "nothing was lost");
});

check("each operation of a step can be looked at", { path: "#ex=phonebook" }, async ({ page }) => {
  await tab(page, "Schema");
  const columns = page.locator("#panel details.table").first().locator("tbody th code");
  const names = async () => (await columns.allTextContents()).join(" ");
  await page.getByRole("button", { name: "before the step" }).click();
  await page.getByRole("button", { name: "before the step" }).and(page.locator("[aria-current=step]")).waitFor();
  assert.match(await names(), /\bphone\b/);
  assert.doesNotMatch(await names(), /phone_no/);
  await page.locator(".operation button.quiet").nth(1).click();
  await columns.filter({ hasText: "phone_no" }).waitFor();
});

check("the history leads back to any step", async ({ page }) => {
  await page.getByText(/^History: \d+ steps/).click();
  await page.getByRole("button", { name: /^Back to after step 1:/ }).click();
  await at(page, "1 of 3");
  await page.getByRole("button", { name: "Start over" }).click();
  await at(page, "0 of 3");
});

check("play steps up to the head", { reducedMotion: false }, async ({ page }) => {
  await button(page, "base: downgrade all").click();
  await at(page, "0 of 3");
  await button(page, "Play").click();
  await at(page, "3 of 3");
  await button(page, "Play").waitFor();
});

check("without motion there is nothing to play", { reducedMotion: true }, async ({ page }) => {
  assert.equal(await button(page, "Play").count(), 0);
});

check("the tabs are used by keyboard", async ({ page }) => {
  const tabs = page.getByRole("tablist", { name: "Views of the database" }).getByRole("tab");
  assert.equal(await tabs.count(), 7);
  await tabs.nth(1).focus();
  await page.keyboard.press("ArrowRight");
  await tabs.filter({ hasText: "Diff" }).and(page.locator("[aria-selected=true]:focus")).waitFor();
  await page.keyboard.press("End");
  await tabs.filter({ hasText: "Console" }).and(page.locator("[aria-selected=true]:focus")).waitFor();
  await page.keyboard.press("Alt+4");
  await tabs.filter({ hasText: "SQL" }).and(page.locator("[aria-selected=true]")).waitFor();
});

check("the schema marks what the last step changed, in words", async ({ page }) => {
  await tab(page, "Schema");
  const row = (name) => page.locator("#panel tr").filter({ has: page.locator("th code", { hasText: new RegExp(`^${name}$`) }) });
  await row("phone_no").filter({ hasText: "new" }).waitFor();
  await row("phone").filter({ hasText: "dropped" }).waitFor();
  await page.getByLabel("Only what the last step changed").check();
  await row("id").first().waitFor({ state: "detached" });
});

check("rows can be switched off, and be one's own", { path: "#ex=phonebook" }, async ({ page }) => {
  await button(page, "None").click();
  await page.locator("#panel td.lost").first().waitFor({ state: "detached" });
  await button(page, "My own…").click();
  const text = page.getByLabel(/^INSERT statements/);
  await text.fill("INSERT INTO contacts (id, name, phone_no) VALUES (7, 'Grace', '555-0107');");
  const form = page.getByRole("group", { name: "Add a row" });
  await form.getByLabel(/^id/).fill("8");
  await form.getByLabel(/^name/).fill("O'Hara");
  await form.getByRole("button", { name: "Add" }).click();
  assert.match(await text.inputValue(), /\nINSERT INTO contacts \(id, name\) VALUES \(8, 'O''Hara'\);\n$/);
  await button(page, "Use these rows").click();
  await page.locator("#panel").getByRole("cell", { name: "Grace" }).waitFor();
  await page.getByText(/^History: \d+ steps/).click();
  await page.getByRole("button", { name: "Start over" }).click();
  await at(page, "0 of 3");
  await button(page, "head: upgrade all").click();
  await page.locator("#panel td.lost del", { hasText: "555-0107" }).waitFor();
});

check("the matrix of round trips replays what is chosen", { path: "#ex=says-it-worked" }, async ({ page }) => {
  await tab(page, "Round-trip");
  const row = page.getByRole("group", { name: "Round trips" }).getByRole("row").filter({ hasText: "keep an audit log" });
  await row.filter({ hasText: "irreversible" }).waitFor();
  await row.filter({ hasText: "not back" }).waitFor();
  await row.getByRole("button", { name: /replay the second upgrade of b92e6fa4/ }).click();
  await page.locator("#failure").waitFor();
});
