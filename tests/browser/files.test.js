// How files come in, and what can be done with them (what a visitor can do: 1 and 2).

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { check } from "./harness.js";

const script = (id, down, body = "pass") => `"""make ${id}"""
revision = "${id}"
down_revision = ${down ? `"${down}"` : "None"}

from alembic import op
import sqlalchemy as sa


def upgrade():
    ${body}


def downgrade():
    pass
`;

const tabs = (page) => page.getByRole("tablist", { name: "Files" }).getByRole("tab");
const names = async (page) => (await tabs(page).locator(".tab-name").allTextContents()).sort();

// What a drop from the desktop is to the page: the same event, with the same kind of data.
async function drop(page, files) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, text] of files) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent("#code", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("#code", "drop", { dataTransfer: transfer });
}

check("the first visit shows an example that is stepped to its failing downgrade", async ({ page }) => {
  await page.getByText("Paste your versions/ files, or drop a folder.").waitFor();
  assert.equal(await page.getByRole("tab", { selected: true, name: /call_the_column_phone/ }).count(), 1);
  await page.getByRole("tab", { name: "Rows", selected: true }).waitFor();
  await page.locator("#database").getByText(/lost/).first().waitFor();
  assert.ok(await page.locator(".problem.is-error").count() > 0);
});

check("every example opens, with its own files", async ({ page }) => {
  const count = await page.locator("#examples [data-example]").count();
  assert.ok(count >= 8, `${count} examples`);
  const seen = new Set();
  for (let at = 0; at < count; at++) {
    await page.getByRole("button", { name: "Examples" }).click();
    const example = page.locator("#examples [data-example]").nth(at);
    const title = await example.locator("strong").textContent();
    await example.click();
    await page.locator(".live", { hasText: /\S/ }).waitFor({ state: "attached" });
    await page.waitForFunction(() => !document.querySelector(".page").classList.contains("stale"));
    seen.add((await names(page)).join());
    assert.ok(await page.locator("#revisions [data-verdict]").count() > 0, title);
  }
  assert.equal(seen.size, count);
});

check("an example can be linked to", { path: "#ex=two-heads" }, async ({ page }) => {
  await page.getByText("There are 2 heads.").waitFor();
  assert.ok((await names(page)).includes("7a40f3d6b28e_bookings_can_be_cancelled.py"));
});

check("many files are pasted at once, and split at their headers", async ({ page }) => {
  await page.getByRole("button", { name: "Paste files…" }).first().click();
  await page.locator("#paste-box").fill(`${script("aa11", null)}\n${script("bb22", "aa11")}`);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("#revisions").getByText("make bb22", { exact: true }).waitFor();
  assert.equal(await tabs(page).count(), 2);
});

check("text that is pasted anywhere is opened", async ({ page }) => {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, script("cc33", null));
  await page.locator("#revisions").getByText("make cc33", { exact: true }).waitFor();
});

check("files are dropped; what revproof does not read is left out", async ({ page }) => {
  await drop(page, [["a.py", script("aa11", null)], ["notes.txt", "no"], ["pyproject.toml", "[tool.revproof]\n"]]);
  await page.locator("#revisions").getByText("make aa11", { exact: true }).waitFor();
  assert.deepEqual(await names(page), ["a.py", "pyproject.toml"]);
  await drop(page, [["picture.png", "no"]]);
  await page.getByText("None of these is a file that revproof reads").first().waitFor();
});

check("a folder is chosen", async ({ page }) => {
  const input = page.locator("input[data-choose=folder]").first();
  await input.setInputFiles(new URL("../../migrations/says_it_worked", import.meta.url).pathname);
  await page.locator("#revisions").getByText("keep an audit log", { exact: true }).waitFor();
  assert.ok((await names(page)).includes("alembic.ini"));
});

check("more files than the page can hold: the rest is named", async ({ page }) => {
  const files = Array.from({ length: 1504 }, (_, at) => [`${String(at).padStart(4, "0")}.py`, "x = 1\n"]);
  await drop(page, files);
  await page.getByText("Left out: 1500.py, 1501.py, 1502.py and 1 more.").first().waitFor();
  assert.equal(await tabs(page).count(), 1500);
});

check("files are added, renamed and closed, by keyboard too", async ({ page }) => {
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await page.getByRole("button", { name: "New file…" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("alembic.ini");
  await page.keyboard.press("Enter");
  await page.getByText("There is a file alembic.ini already").waitFor();
  await page.getByRole("dialog").getByRole("textbox").fill("pyproject.toml");
  await page.keyboard.press("Enter");
  const tab = page.getByRole("tab", { name: /pyproject\.toml/ });
  await tab.waitFor();
  assert.equal(await tab.getAttribute("aria-selected"), "true");

  await tab.focus();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByRole("textbox").fill("revproof.toml");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /revproof\.toml/, selected: true }).waitFor();
  assert.equal(await tab.count(), 0);

  await page.getByRole("tab", { name: /revproof\.toml/ }).focus();
  await page.keyboard.press("Home");
  await page.getByRole("tab", { name: /alembic\.ini/, selected: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: /env\.py/, selected: true }).waitFor();
  const before = await tabs(page).count();
  await page.keyboard.press("Delete");
  await page.getByRole("tab", { name: /env\.py/ }).waitFor({ state: "detached" });
  assert.equal(await tabs(page).count(), before - 1);
});

check("a settings file configures", async ({ page }) => {
  await drop(page, [["a.py", script("aa11", null)], ["revproof.toml", 'dialect = "sqlite"\n']]);
  await page.locator("#dialect option", { hasText: "from the files: SQLite" }).waitFor({ state: "attached" });
});

check("one's own files make place for an example, and can be had back", async ({ page }) => {
  await drop(page, [["a.py", script("aa11", null)]]);
  await page.locator("#revisions").getByText("make aa11", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Examples" }).click();
  await page.locator("[data-example=shop]").first().click();
  await page.getByRole("button", { name: "Bring them back" }).click();
  await page.locator("#revisions").getByText("make aa11", { exact: true }).waitFor();
  assert.deepEqual(await names(page), ["a.py"]);
});

check("without files there is a place to drop and to paste", async ({ page }) => {
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await page.getByRole("button", { name: "Close all" }).click();
  await page.locator("#first-paste").fill(script("dd44", null));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("#revisions").getByText("make dd44", { exact: true }).waitFor();
});

// A folder of the desktop over the page, as the browser itself tells of it.
check("a folder is dropped", async ({ page }) => {
  const folder = fileURLToPath(new URL("../../migrations/says_it_worked", import.meta.url));
  const { x, y, width, height } = await page.locator("#code").boundingBox();
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await devtools.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  }
  await page.locator("#revisions").getByText("keep an audit log", { exact: true }).waitFor();
  assert.ok((await names(page)).includes("alembic.ini"));
});
