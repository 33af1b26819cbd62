// The rules of accessibility that a machine can check.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Fails where axe-core finds anything serious or critical in the page as it is now, or in a part of it.
export async function assertAccessible(page, part = "body") {
  // The page's Content-Security-Policy holds for script elements; what the browser's debugger evaluates is beyond it.
  await page.evaluate(`${AXE}; undefined`);
  const { violations } = await page.evaluate(
    ([part, tags]) => globalThis.axe.run(part, { runOnly: tags, resultTypes: ["violations"] }),
    [part, TAGS],
  );
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, help, nodes }) => (
    `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `    ${html}\n    ${failureSummary.replaceAll("\n", " ")}`).join("\n")}`
  ));
  assert.equal(told.length, 0, `axe-core found:\n${told.join("\n")}`);
}
