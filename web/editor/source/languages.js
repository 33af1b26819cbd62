// The languages of migration projects. Those that read a line at a time are a third as large as parsers with a tree, and
// colours and indentation are all that the editor wants of them: what a script means, the worker knows.

import { StreamLanguage } from "@codemirror/language";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { python } from "@codemirror/legacy-modes/mode/python";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { sql } from "./sql.js";

const LANGUAGES = {
  python: StreamLanguage.define(python),
  sql: StreamLanguage.define(sql),
  toml: StreamLanguage.define(toml),
  ini: StreamLanguage.define(properties),
};

export function language(name) {
  return Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : [];
}
