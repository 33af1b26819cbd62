// The graph of revisions: what it says, and how it is used by keyboard.

import assert from "node:assert/strict";
import { check } from "./harness.js";

const rows = (page) => page.getByRole("tree", { name: /Revisions/ }).getByRole("treeitem");
const position = (page) => page.locator(".stepper .position");

check("each revision is a row whose name says all about it", { path: "#ex=two-heads" }, async ({ page }) => {
  const names = await rows(page).locator(".name").allTextContents();
  assert.equal(names.length, 4);
  assert.match(names[3], /create rooms, revision 1 of 4, no parent,.* reversible$/);
  assert.equal(names.filter((name) => name.includes(", head,")).length, 2, names.join("\n"));
  assert.equal(names.filter((name) => name.includes(", branch point,")).length, 1, names.join("\n"));
  // The drawing beside the list is not read out, and has a node for each row.
  assert.equal(await page.locator("svg.lanes[aria-hidden=true] .node").count(), 4);
});

check("a merge has a line to each parent", { path: "#ex=shop" }, async ({ page }) => {
  const merge = rows(page).filter({ hasText: "merge" });
  await merge.waitFor();
  assert.match(await merge.locator(".name").textContent(), /child of \w+ and \w+,.*merge/);
  assert.ok((await merge.locator(".line").count()) >= 2);
});

check("the graph is used by keyboard alone", { path: "#ex=phonebook" }, async ({ page }) => {
  const tree = page.getByRole("tree", { name: /Revisions/ });
  const active = () => tree.getAttribute("aria-activedescendant");
  await tree.focus();
  await page.keyboard.press("End");
  assert.equal(await active(), "revision-2");
  await page.keyboard.press("ArrowRight");
  assert.equal(await active(), "revision-1", "the child is to the right");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await active(), "revision-2", "the parent is to the left");
  await page.keyboard.press("ArrowUp");
  assert.equal(await active(), "revision-1");
  await page.keyboard.press("Enter");
  await position(page).filter({ hasText: "2 of 3: d83b5f06 contacts come in groups" }).waitFor();
  await page.keyboard.press("Home");
  await page.getByLabel("Database follows").uncheck();
  await tree.focus();
  await page.keyboard.press("Space");
  await rows(page).first().and(page.locator("[aria-selected=true]")).waitFor();
  assert.match(await position(page).textContent(), /^2 of 3/, "opening a file moves nothing");
});

check("a selected revision is shown by all panes", { path: "#ex=phonebook" }, async ({ page }) => {
  await rows(page).nth(2).click();
  await position(page).filter({ hasText: "1 of 3: a1c04e7b create contacts" }).waitFor();
  await page.locator("#code").getByRole("tab", { selected: true, name: /a1c04e7b92d5/ }).waitFor();
  assert.match(await rows(page).nth(2).locator(".name").textContent(), /, current,/);
});

check("a row moves the database there", { path: "#ex=phonebook" }, async ({ page }) => {
  await rows(page).first().hover();
  await rows(page).first().getByRole("button", { name: "Upgrade to here" }).click();
  await position(page).filter({ hasText: "3 of 3" }).waitFor();
  await rows(page).last().hover();
  await rows(page).last().getByRole("button", { name: "Downgrade to here" }).click();
  await position(page).filter({ hasText: "1 of 3" }).waitFor();
});

check("the search leaves the rows that hold the text", { path: "#ex=shop" }, async ({ page }) => {
  await page.getByLabel("Search the revisions").fill("coupons");
  await assert.doesNotReject(() => page.waitForFunction(() => document.querySelectorAll("[role=treeitem]").length === 2));
  for (const name of await rows(page).allTextContents()) assert.match(name, /coupons/);
});
