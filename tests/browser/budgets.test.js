// The budgets of the playground: measured, printed as a table, and failed where one is exceeded.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import { chain } from "./chain.js";
import { ORIGIN, check } from "./harness.js";
import { listen, measure, median, percentile } from "./measure.js";

const BUDGETS = JSON.parse(await readFile(new URL("budgets.json", import.meta.url), "utf8"));
const SHELL = [
  "index.html", "style.css", "boot.js", "build.js", "editor.js", "worker.js", "service-worker.js", "revproof_web.js",
  "revproof_web_bg.wasm", "revproof_wasm.js",
];
const ENGINE = ["revproof_wasm_bg.wasm"];
const COLD = 5;
const FILES = "input[data-choose=files]";

const found = {};

// Notes a figure, and fails where it is over its limit.
function hold(name, value) {
  found[name] = value;
  const { what, unit, limit } = BUDGETS[name];
  assert.ok(value <= limit, `${what}: ${round(value)} ${unit}, which is ${round(value - limit)} over the limit of ${limit}`);
}

const round = (value) => (value < 100 ? Math.round(value * 10) / 10 : Math.round(value));

// As a server sends it; the one of the tests compresses as gzip -9 does.
async function sent(paths) {
  const sizes = await Promise.all(paths.map(async (path) => {
    const response = await fetch(`${ORIGIN}/${path}`, { method: "HEAD", headers: { "Accept-Encoding": "gzip" } });
    assert.equal(response.status, 200, path);
    return Number(response.headers.get("content-length"));
  }));
  return sizes.reduce((all, size) => all + size, 0) / 1000;
}

test("what has to be loaded is small: the shell", async () => hold("shell", await sent(SHELL)));
test("what has to be loaded is small: the engine", async () => hold("engine", await sent(ENGINE)));

const cold = [];
for (let visit = 0; visit < COLD; visit++) {
  check(`a first visit (${visit + 1} of ${COLD})`, async ({ page }) => {
    cold.push(await page.evaluate(() => globalThis.times));
  });
}
test("it is soon usable", () => hold("interactive", median(cold.map(({ interactive }) => interactive))));
test("it soon shows verdicts", () => hold("verdicts", median(cold.map(({ verdicts }) => verdicts))));

// Opens a chain of this length, and gives how long it took until the page rested.
async function bring({ page }, length) {
  await page.evaluate(measure);
  const input = page.locator(FILES).first();
  const opened = page.evaluate(() => globalThis.measured.settle("#revisions", () => {}));
  await input.setInputFiles(chain(length));
  return opened;
}

// Types into a comment at the end of the file, and gives how long each key took to be painted.
async function type({ page }, keys) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n# ");
  await page.evaluate(() => (globalThis.measured.paint = []));
  await page.keyboard.type("x".repeat(keys), { delay: 60 });
  await page.waitForFunction((keys) => globalThis.measured.paint.length >= keys, keys);
  return page.evaluate(() => globalThis.measured.paint);
}

const QUIET = { before: listen, timeout: 120_000 };

check("typing into a chain of 20 files is painted at once", QUIET, async (playground) => {
  await bring(playground, 20);
  hold("paint", percentile(await type(playground, 60), 0.95));
});

check("typing into a chain of 20 files soon changes its diagnostics", QUIET, async (playground) => {
  await bring(playground, 20);
  const { page } = playground;
  // A letter more in the name of a column that the downgrade drops: there is no such column.
  await page.locator(".cm-content").click();
  await page.getByText('op.drop_index("ix_').first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  const times = [];
  for (let round = 0; round < 15; round++) {
    for (const key of ["x", "Backspace"]) {
      const settled = page.evaluate(() => globalThis.measured.settle("#problems", () => {}));
      const pressed = page.evaluate(() => new Promise((resolve) => {
        addEventListener("keydown", (event) => resolve(event.timeStamp), { capture: true, once: true });
      }));
      const began = await page.evaluate(() => performance.now());
      await page.keyboard.press(key);
      times.push((await settled) - ((await pressed) - began));
    }
  }
  hold("diagnostics", percentile(times, 0.95));
});

check("a step of the database is shown at once", QUIET, async (playground) => {
  await bring(playground, 20);
  const times = [];
  for (let round = 0; round < 10; round++) {
    for (const name of ["#step-down", "#step-up"]) {
      times.push(await playground.page.evaluate(
        (name) => globalThis.measured.settle("#database", () => document.querySelector(name).click()), name,
      ));
    }
  }
  hold("step", percentile(times, 0.95));
});

check("100 revisions are soon proved", QUIET, async (playground) => {
  const times = [];
  for (let round = 0; round < 5; round++) {
    const before = await playground.page.evaluate(() => globalThis.took.length);
    await bring(playground, 100);
    times.push(await playground.page.evaluate((before) => Math.max(...globalThis.took.slice(before)), before));
  }
  hold("hundred", median(times));
});

check("1,000 revisions can be worked on", QUIET, async (playground) => {
  const opened = await bring(playground, 1000);
  const typed = percentile(await type(playground, 40), 0.95);
  found.thousandPaint = typed;
  hold("thousand", opened);
  hold("thousandPaint", typed);
});

after(async () => {
  const rows = Object.entries(BUDGETS).map(([name, { what, unit, limit }]) => (
    `| ${what} | ${limit} ${unit} | ${found[name] === undefined ? "?" : round(found[name])} |`
  ));
  const table = ["| what | limit | measured |", "| --- | ---: | ---: |", ...rows, ""].join("\n");
  console.log(table);
  const folder = new URL("../../target/browser/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("budgets.md", folder), table);
});
