// The budgets of the playground: measured and printed as a table. What is over its limit fails: for sizes that is a
// ratchet just above what is reached, for times it leaves room for a loaded machine. What is wanted stands beside it.

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

const reached = (value, wanted) => (
  value === undefined ? "?" : value <= wanted ? `${round(value)}` : `**${round(value)}**, over by ${round(value - wanted)}`
);

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

// Opens a chain of this length, and gives how long it took until it was shown.
async function bring({ page }, length) {
  await page.evaluate(measure);
  await page.evaluate((text) => globalThis.measured.await("#problems", text), `${length} revisions, 1 head`);
  await page.locator(FILES).first().setInputFiles(chain(length));
  const opened = await page.evaluate(() => globalThis.measured.settled);
  await page.locator(".cm-content").waitFor();
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
  // A letter more in the name of the table that the downgrade drops: there is no such table.
  await page.locator(".cm-content").getByText("op.drop_table(").first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  const times = [];
  for (let round = 0; round < 15; round++) {
    for (const [key, text] of [["x", "does not exist"], ["Backspace", "!does not exist"]]) {
      await page.evaluate((text) => globalThis.measured.await("#problems", text), text);
      await page.keyboard.press(key);
      times.push(await page.evaluate(() => globalThis.measured.settled));
    }
  }
  hold("diagnostics", percentile(times, 0.95));
});

check("a step of the database is shown at once", QUIET, async (playground) => {
  await bring(playground, 20);
  const times = [];
  for (let round = 0; round < 10; round++) {
    for (const [name, text] of [["#step-down", "19 of 20"], ["#step-up", "20 of 20"]]) {
      times.push(await playground.page.evaluate(([name, text]) => {
        globalThis.measured.await("#database", text);
        document.querySelector(name).click();
        return globalThis.measured.settled;
      }, [name, text]));
    }
  }
  hold("step", percentile(times, 0.95));
});

const proved = [];
for (let visit = 0; visit < 3; visit++) {
  check(`100 revisions are proved (${visit + 1} of 3)`, QUIET, async (playground) => {
    await bring(playground, 100);
    const took = await playground.page.evaluate(() => globalThis.took);
    // The first answer is that about the example.
    proved.push(Math.max(...took.slice(1)));
  });
}
test("100 revisions are soon proved", () => hold("hundred", median(proved)));

check("1,000 revisions can be worked on", QUIET, async (playground) => {
  const opened = await bring(playground, 1000);
  found.thousandPaint = percentile(await type(playground, 40), 0.95);
  hold("thousand", opened);
  hold("thousandPaint", found.thousandPaint);
});

after(async () => {
  const rows = Object.entries(BUDGETS).map(([name, { what, unit, wanted, limit }]) => (
    `| ${what} | ${wanted} ${unit} | ${limit} | ${reached(found[name], wanted)} |`
  ));
  const table = ["| what | wanted | fails above | measured |", "| --- | ---: | ---: | ---: |", ...rows, ""].join("\n");
  console.log(table);
  const folder = new URL("../../target/browser/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("budgets.md", folder), table);
});
