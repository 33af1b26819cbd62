// Makes the bundle and the file of licences in the folder that is named: `cargo xtask editor` calls it.

import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];

// CodeMirror puts its style sheets into <style> elements, which the page's Content-Security-Policy refuses, and into
// constructed style sheets in shadow roots only. They work in documents just as well.
const CONDITION = "!root.head && root.adoptedStyleSheets";
const constructed = {
  name: "constructed style sheets",
  setup({ onLoad }) {
    onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (text.split(CONDITION).length !== 2) throw new Error(`${path} has changed: look for where it mounts its sheets`);
      return { contents: text.replace(CONDITION, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

const { metafile } = await build({
  entryPoints: ["source/editor.js"],
  outfile: join(folder, "editor.bundle.js"),
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  metafile: true,
  plugins: [constructed],
});

const packages = new Set(Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/")).map(packageOf));
const texts = await Promise.all([...packages].sort().map(licence));
const head = "The file editor.js contains these packages, unchanged but for the place of their style sheets.\n";
await writeFile(join(folder, "LICENSES.txt"), [head, ...texts].join(`\n${"-".repeat(80)}\n\n`));

function packageOf(path) {
  const [, within] = path.match(/(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  return within;
}

async function licence(place) {
  const { name, version, license } = JSON.parse(await readFile(join(place, "package.json"), "utf8"));
  const file = (await readdir(place)).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${name} has no licence file`);
  return `${name} ${version}, ${license}\n\n${(await readFile(join(place, file), "utf8")).trim()}\n`;
}
