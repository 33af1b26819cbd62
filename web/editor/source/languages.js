// The languages of migration projects.

import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { StreamLanguage } from "@codemirror/language";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { toml } from "@codemirror/legacy-modes/mode/toml";

const LANGUAGES = {
  python,
  sql: () => sql({ dialect: PostgreSQL }),
  toml: () => StreamLanguage.define(toml),
  ini: () => StreamLanguage.define(properties),
};

export function language(name) {
  return Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name]() : [];
}
