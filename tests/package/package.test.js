// The npm package as its users have it: installed into a folder, imported by name.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

const { PACKAGE, REVPROOF } = process.env;
const samples = new URL("../../migrations/", import.meta.url).pathname;

const home = mkdtempSync(join(tmpdir(), "revproof-package-"));
mkdirSync(join(home, "node_modules"));
symlinkSync(PACKAGE, join(home, "node_modules", "revproof"));
after(() => rmSync(home, { recursive: true }));

/** A module in the folder of a user. */
function written(name, text) {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

const { check, step, schema, diff, sql, query, rules, rule } = await import(
  pathToFileURL(written("all.mjs", 'export * from "revproof";\n')).href
);

/** The files of a sample chain. */
function sample(name) {
  const files = {};
  const walk = (folder) => {
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry);
      if (statSync(path).isDirectory()) walk(path);
      else files[relative(join(samples, name), path).split(sep).join("/")] = readFileSync(path, "utf8");
    }
  };
  walk(join(samples, name));
  return files;
}

/** The code that the README shows. */
function shown() {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  const code = readme.split("```js\n")[1]?.split("```")[0];
  assert.ok(code, "the README has no example");
  return code;
}

test("what the README shows is what comes out", () => {
  const lines = shown().split("\n");
  // What stands behind a line as a comment and looks like a value is what the line gives.
  const expected = [];
  const code = lines.map((line) => {
    const [, expression, value] = line.match(/^(\S.*);\s*\/\/ (".*"|\d+)$/) ?? [];
    if (!expression) return line;
    expected.push(JSON.parse(value));
    return `given.push(${expression});`;
  });
  assert.ok(expected.length > 0, "the example says nothing of what comes out");
  const path = written("example.mjs", `const given = [];\n${code.join("\n")}\nconsole.log(JSON.stringify(given));\n`);
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [path], { cwd: home, encoding: "utf8" })), expected);
});

test("the types fit the example, and refuse what is wrong", () => {
  const options = { compilerOptions: { strict: true, noEmit: true, module: "nodenext", target: "es2022", types: [] } };
  const compiled = (code) => {
    const file = written("example.ts", code);
    written("tsconfig.json", JSON.stringify({ ...options, files: [file] }));
    try {
      execFileSync(process.execPath, [join(import.meta.dirname, "node_modules/typescript/bin/tsc"), "-p", home]);
      return "";
    } catch (error) {
      return String(error.stdout);
    }
  };
  written("package.json", JSON.stringify({ type: "module" }));
  assert.equal(compiled(shown()), "");
  assert.match(compiled('import { step } from "revproof";\nstep({}, [["jump", "head"]]);\n'), /TS2322.*"jump"/);
  assert.match(compiled('import { check } from "revproof";\ncheck({}).chains[0].verdicts;\n'), /TS2339.*verdicts/);
});

test("every function answers in plain objects", () => {
  const files = sample("phonebook");
  const head = "4e97a20fd6b8";
  const report = check(files);
  assert.equal(report.summary.revisions, 3);
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  assert.deepEqual(schema(files, head).current, [head]);
  assert.equal(step(files, [["upgrade", "head"], ["downgrade", "-1"]]).past.length, 4);
  assert.ok(diff(files, "base", head).lines.length > 0);
  assert.equal(sql(files, head, true, { dialect: "mysql" }).dialect, "mysql");
  const rows = "INSERT INTO contacts (id) VALUES (1)";
  const [answer] = query(files, head, "SELECT count(*) AS n FROM contacts", { rows });
  assert.deepEqual([answer.columns, answer.rows.length], [["n"], 1]);
  const codes = rules().map((one) => one.code);
  assert.ok(codes.length > 20 && codes.every((code) => rule(code).html.length > 100));
});

test("the report is that of the command", () => {
  for (const name of readdirSync(samples).filter((name) => statSync(join(samples, name)).isDirectory())) {
    // Elsewhere, so that no settings of this repository count.
    const place = join(home, name);
    cpSync(join(samples, name), place, { recursive: true });
    let printed;
    try {
      printed = execFileSync(REVPROOF, ["check", "--output-format", "json", "."], { cwd: place });
    } catch (error) {
      printed = error.stdout;
    }
    assert.deepEqual(check(sample(name)), JSON.parse(String(printed)), name);
  }
});

test("mistakes are told in words", () => {
  const files = sample("phonebook");
  assert.throws(() => check(files, { dialect: "oracle" }), /oracle/);
  assert.throws(() => check(files, { dialekt: "mysql" }), /dialekt/);
  assert.throws(() => check("versions"), /`files` is an object of path to text/);
  assert.throws(() => step(files, [["jump", "head"]]), /`jump` is no move/);
  assert.throws(() => diff(files, "base", "zz"), /zz/);
  assert.throws(() => schema({}, "head"), /no revision scripts/);
  assert.throws(() => rule("no-such-rule"), /no rule/);
});
