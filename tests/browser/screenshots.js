// The pictures of the landing page that the manual shows: `cargo xtask screenshots`.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { close, open, start } from "./harness.js";

const FOLDER = new URL("../../docs/screenshots/", import.meta.url);
const PICTURES = {
  light: { theme: "light" },
  dark: { theme: "dark" },
  narrow: { theme: "light", viewport: { width: 360, height: 740 }, touch: true },
};

await mkdir(FOLDER, { recursive: true });
await start();
for (const [name, options] of Object.entries(PICTURES)) {
  const playground = await open(options);
  playground.assertQuiet();
  await playground.page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, FOLDER)) });
  await playground.close();
}
await close();
