// What is typed reaches the proof, whatever was open before.

import { check } from "./harness.js";
import { chain } from "./chain.js";

check("typing into files that were opened changes their verdicts, and undoing it changes them back", async ({ page }) => {
  await page.locator(".cm-content").waitFor();
  await page.locator("input[data-choose=files]").first().setInputFiles(chain(3));
  await page.getByText("3 of 3 are reversible").first().waitFor();
  await page.locator(".cm-content").getByText("op.drop_table(").first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("x");
  await page.locator("#problems").getByText("does not exist").first().waitFor();
  await page.keyboard.press("Control+z");
  await page.locator("#problems").getByText("3 of 3 are reversible").waitFor();
});
