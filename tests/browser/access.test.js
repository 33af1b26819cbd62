// The whole page, as axe-core sees it. What a part of the page shows later is checked beside its own tests.

import assert from "node:assert/strict";
import { assertAccessible } from "./axe.js";
import { check } from "./harness.js";

const VIEWPORTS = { wide: { width: 1280, height: 800 }, "two panes": { width: 900, height: 700 }, narrow: { width: 320, height: 640 } };

for (const theme of ["light", "dark"]) {
  for (const [name, viewport] of Object.entries(VIEWPORTS)) {
    check(`the page is accessible: ${theme}, ${name}`, { theme, viewport, touch: viewport.width < 700 }, async ({ page }) => {
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await assertAccessible(page);
    });
  }
}

check("nothing has to be scrolled sideways at 320 px", { viewport: { width: 320, height: 640 }, touch: true }, async ({ page }) => {
  await page.locator(".cm-content").waitFor({ state: "attached" });
  const [scroll, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(scroll <= width, `the page is ${scroll} px wide`);
});

check("the skeleton is accessible before anything is loaded", { ready: false }, async ({ context }) => {
  const page = await context.newPage();
  await page.route("**/boot.js", (route) => route.fulfill({ body: "", contentType: "text/javascript" }));
  await page.goto(process.env.PLAYGROUND);
  await assertAccessible(page);
});

check("the page does not move while it comes up", {
  before: () => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  },
}, async ({ page }) => {
  await page.locator(".cm-content").waitFor();
  const shifted = await page.evaluate(() => globalThis.shifted);
  assert.ok(shifted <= 0.05, `the layout shifted by ${shifted}`);
});

check("on a phone, what stands above the panes leaves them their room", { viewport: { width: 360, height: 740 }, touch: true }, async ({ page }) => {
  await page.locator("#welcome").waitFor();
  const above = await page.locator("main").evaluate((main) => main.getBoundingClientRect().top);
  assert.ok(above <= 160, `header and banner take ${above} px`);
});

for (const [name, media] of Object.entries({ "forced colours": { forcedColors: "active" }, "more contrast": { contrast: "more" } })) {
  check(`what is chosen and what is lost can be told with ${name}`, async ({ page }) => {
    await page.emulateMedia(media);
    await page.locator(".cm-content").waitFor();
    const tabs = page.locator("#database [role=tab]");
    const looks = (element) => {
      const { outline, borderBlockEnd, fontWeight, boxShadow } = getComputedStyle(element);
      return [outline, borderBlockEnd, fontWeight, boxShadow].join();
    };
    const chosen = await tabs.and(page.locator("[aria-selected=true]")).evaluate(looks);
    assert.notEqual(chosen, await tabs.and(page.locator("[aria-selected=false]")).first().evaluate(looks));
    const lost = page.locator("#panel td.lost del").first();
    assert.match(await lost.evaluate((lost) => getComputedStyle(lost).textDecorationLine), /line-through/);
    await page.getByRole("button", { name: "Examples" }).focus();
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(ring, "none", "the focus is seen");
    await assertAccessible(page);
  });
}
