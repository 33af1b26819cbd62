// The editor by itself, in a page without anything else of the playground's.

import assert from "node:assert/strict";
import { assertAccessible } from "./axe.js";
import { check } from "./harness.js";

const TEXT = `def upgrade():
    op.drop_column("users", "phone")


def downgrade():
    pass
`;
const PAGE = "<main><h1>Editor</h1><button>before</button><div id=place></div><button>after</button></main>";
const PROBLEM = {
  index: 3, from: 19, to: 51, severity: "error", message: "the values are lost", code: "RV101", rule: "lossy-downgrade",
  help: "keep the column", fix: "rename it",
};

// A page with an editor in it; what the editor calls is in `calls`.
function editor(name, options, body) {
  if (!body) [options, body] = [{}, options];
  check(`the editor: ${name}`, { blank: PAGE, ...options }, async ({ page }) => {
    await page.evaluate(async (text) => {
      const { Editor } = await import("./editor.js");
      document.getElementById("place").style.height = "320px";
      globalThis.calls = [];
      const names = ["changed", "cursor", "fix", "explain", "ignore", "run"];
      const callbacks = Object.fromEntries(names.map((name) => [name, (value) => globalThis.calls.push([name, value])]));
      globalThis.editor = new Editor(document.getElementById("place"), callbacks);
      globalThis.editor.show("versions/a.py", text, "python");
    }, TEXT);
    const calls = (name) => page.evaluate((name) => globalThis.calls.filter((call) => call[0] === name).map((call) => call[1]), name);
    const call = (name, ...values) => page.evaluate(([name, values]) => globalThis.editor[name](...values), [name, values]);
    await body({ page, calls, call, content: page.locator(".cm-content") });
  });
}

editor("typing is told, what the page sets is not, and both can be undone", async ({ page, calls, call, content }) => {
  await content.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# é😀");
  assert.equal((await calls("changed")).at(-1), `# é😀${TEXT}`);
  const told = (await calls("changed")).length;
  await call("setText", "x = 1\n");
  assert.equal((await calls("changed")).length, told);
  assert.match(await content.innerText(), /^x = 1/);
  await page.keyboard.press("Control+z");
  assert.equal((await calls("changed")).at(-1), `# é😀${TEXT}`);
});

editor("every file keeps its own history", async ({ page, calls, call, content }) => {
  await content.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("a");
  await call("show", "versions/b.py", "b = 1\n", "python");
  await content.click();
  await page.keyboard.press("Control+z");
  assert.match(await content.innerText(), /^b = 1/);
  await call("show", "versions/a.py", `a${TEXT}`, "python");
  await content.click();
  await page.keyboard.press("Control+z");
  assert.equal((await calls("changed")).at(-1), TEXT);
});

editor("a problem has a squiggle, a mark, and a text with what can be done", async ({ page, calls, call }) => {
  await call("setProblems", [PROBLEM]);
  await page.locator(".cm-lint-marker-error").waitFor();
  await page.locator(".cm-lintRange-error").first().hover();
  const told = page.locator(".cm-tooltip-lint");
  assert.match(await told.innerText(), /the values are lost[^]*help: keep the column[^]*RV101 lossy-downgrade/);
  await told.getByRole("button", { name: "Explain" }).click();
  await page.locator(".cm-lintRange-error").first().hover();
  await told.getByRole("button", { name: "Ignore" }).click();
  await page.locator(".cm-lintRange-error").first().hover();
  await told.getByRole("button", { name: "Fix: rename it" }).click();
  assert.deepEqual([await calls("explain"), await calls("ignore"), await calls("fix")], [[3], [3], [3]]);
});

editor("Ctrl+. takes the fix of the line, or lets one choose", async ({ page, calls, call, content }) => {
  await content.click();
  await call("setProblems", [PROBLEM]);
  await call("reveal", 60, 60);
  await page.keyboard.press("Control+.");
  assert.deepEqual(await calls("fix"), []);
  await call("reveal", 20, 20);
  await page.keyboard.press("Control+.");
  assert.deepEqual(await calls("fix"), [3]);
  await call("setProblems", [PROBLEM, { ...PROBLEM, index: 4, fix: "keep it" }]);
  await page.keyboard.press("Control+.");
  await page.getByRole("menuitem", { name: "rename it" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.deepEqual(await calls("fix"), [3, 4]);
  assert.equal(await page.getByRole("menu").count(), 0);
});

editor("a place without a width can be seen all the same", async ({ page, call }) => {
  await call("setProblems", [{ ...PROBLEM, from: TEXT.length, to: TEXT.length }, { ...PROBLEM, from: 4, to: 4 }]);
  assert.equal(await page.locator(".cm-lintRange-error").first().innerText(), "u");
});

editor("lenses stand above their lines, with a button where there is something to do", async ({ page, calls, call }) => {
  await call("setLenses", [
    { line: 1, text: "drops users.phone", tone: "error", action: "run to here", index: 0 },
    { line: 5, text: "does nothing", tone: "warning", action: null, index: 1 },
    { line: 99, text: "is not there", tone: "", action: null, index: 2 },
  ]);
  assert.equal(await page.locator(".cm-lens").count(), 2);
  const above = await page.locator(".cm-lens").first().boundingBox();
  const line = await page.locator(".cm-line").first().boundingBox();
  assert.ok(above.y + above.height <= line.y + 1);
  await page.getByRole("button", { name: "run to here" }).click();
  assert.deepEqual(await calls("run"), [0]);
});

editor("further places of a problem tell on hover what they are", async ({ page, call }) => {
  await call("setMarks", [{ from: 4, to: 11, message: "added here" }]);
  await page.locator(".cm-secondary").hover();
  await page.getByText("added here").waitFor();
});

editor("Tab indents, and Escape gives the next Tab back", async ({ page, calls, content }) => {
  await content.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  assert.match((await calls("changed")).at(-1), /^ {4}def/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").innerText(), "after");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.locator(":focus").innerText(), "before");
});

editor("keys of page and browser are left to them", async ({ page, calls, content }) => {
  await content.click();
  for (const key of ["Alt+ArrowUp", "Alt+ArrowDown", "Control+d", "F8"]) await page.keyboard.press(key);
  assert.deepEqual(await calls("changed"), []);
});

editor("its style sheets are constructed, so that the policy allows them", async ({ page }) => {
  assert.equal(await page.locator("style").count(), 0);
  assert.ok(await page.evaluate(() => document.adoptedStyleSheets.length > 0));
});

editor("on a touch screen its text is large enough not to be zoomed", { touch: true, viewport: { width: 360, height: 640 } },
  async ({ content }) => {
    assert.equal(await content.evaluate((element) => getComputedStyle(element).fontSize), "16px");
  });

for (const theme of ["light", "dark"]) {
  editor(`it is accessible in the ${theme} theme`, { theme }, async ({ page, call }) => {
    await call("setProblems", [PROBLEM]);
    await call("setLenses", [{ line: 1, text: "drops users.phone", tone: "error", action: "run to here", index: 0 }]);
    await page.locator(".cm-lintRange-error").first().hover();
    await page.locator(".cm-tooltip-lint").waitFor();
    await assertAccessible(page, "main");
  });
}
