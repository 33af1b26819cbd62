/** Path to text, with `/` between the parts. */
export type Files = Record<string, string>;
/** What is set over the settings (`revproof.toml`, `pyproject.toml`) among the files. */
export interface Settings {
  dialect?: "postgresql" | "sqlite" | "mysql";
  /** `seeded`, `none`, or INSERT statements. */
  rows?: string;
  /** Which chain, by its place in `Report.chains`, where there are several. */
  chain?: number;
}
/** A move of the simulated database, its target in Alembic's grammar: `["upgrade", "head"]`. */
export type Move = ["upgrade" | "downgrade" | "to" | "stamp" | "query" | "revert", string];
export type Verdict = "reversible" | "lossy" | "irreversible" | "broken" | "unknown";
export type Status = "ok" | "failed" | "missing" | "empty" | "refused" | "unknown" | "skipped";

/** What `revproof check --output-format json` prints. */
export interface Report {
  version: number;
  tool: { name: string; version: string };
  chains: ChainReport[];
  summary: Summary;
}
export interface Summary {
  revisions: number;
  heads: number;
  reversible: number;
  lossy: number;
  irreversible: number;
  broken: number;
  unknown: number;
  errors: number;
  warnings: number;
  infos: number;
  rules: { code: string; rule: string; count: number }[];
}
export interface ChainReport {
  root: string;
  dialect: string;
  dialect_source: string;
  database?: string;
  heads: string[];
  bases: string[];
  revisions: RevisionReport[];
  merges: { revision: string; commutes: boolean | null; differences: string[] }[];
  diagnostics: Finding[];
  summary: Summary;
}
export interface RevisionReport {
  revision: string;
  down_revision: string[];
  depends_on: string[];
  branch_labels: string[];
  message: string;
  file: string;
  upgrade: RunReport;
  downgrade: RunReport;
  again: RunReport;
  restores: { schema: boolean | null; rows: boolean | null; differences: string[] };
  verdict: Verdict;
  because: string;
  rests_on_failed: string | null;
}
export interface RunReport {
  status: Status;
  error: { kind: string; message: string; line: number | null } | null;
  operations: number;
  doubts: ({ why: string } & Partial<Place>)[];
}
/** Lines and columns start at 1; `end` is the first place that is not in it. */
export interface Range {
  start: { line: number; column: number };
  end: { line: number; column: number };
}
export interface Place {
  file: string;
  range: Range;
}
export interface Finding {
  rule: string;
  code: string;
  severity: "error" | "warning" | "info";
  message: string;
  revision: string | null;
  file: string | null;
  range: Range | null;
  labels: (Place & { message: string })[];
  notes: string[];
  help: string | null;
  fix: Fix | null;
}
export interface Fix {
  title: string;
  edits: (Place & { text: string })[];
}

/** A place in a file as an editor counts: `from` and `to` in UTF-16 code units. */
export interface Spot {
  file: string;
  line: number;
  from: number;
  to: number;
}
export type Mark = "Same" | "New" | "Changed" | "Gone";
/** The simulated database, with what the last step did to it. */
export interface Database {
  chain: number;
  current: string[];
  applied: string[];
  up: string[];
  down: string[];
  said: string;
  past: Step[];
  moves: Record<string, string>[];
  within: number | null;
  refused: [string, string] | null;
  tables: Table[];
  others: Line[];
  doubts: string[];
}
export interface Step {
  kind: "upgrade" | "downgrade" | "stamp" | "query";
  revision: string | null;
  line: string;
  end: "Done" | "Unknown" | "Failed";
  kept: boolean;
  failure: string | null;
  sqlstate: string | null;
  left: string | null;
  spot: Spot | null;
  schema: string[];
  rows: string[];
  doubts: { why: string; spot: Spot | null }[];
  refused_rows: { why: string; spot: Spot | null }[];
  operations: { text: string; spot: Spot | null; rows: number | null; failure: string | null }[];
}
export interface Table {
  name: string;
  mark: Mark;
  was: string | null;
  assumed: boolean;
  columns: Column[];
  lines: Line[];
  rows: TableRows;
}
export interface Column {
  name: string;
  type_text: string;
  nullable: boolean;
  default: string | null;
  keys: string[];
  mark: Mark;
  was: { name: string; was: string }[];
}
export interface Line {
  text: string;
  mark: Mark;
  was: string | null;
}
export interface TableRows {
  columns: { name: string; mark: Mark }[];
  rows: { mark: Mark; seeded: boolean; cells: Cell[] }[];
  more: number;
  why_none: string | null;
}
export interface Cell {
  text: string;
  mark: "Same" | "Null" | "Unknown" | "New" | "Changed" | "Lost";
  was: string | null;
}
export interface Diff {
  from: string;
  to: string;
  lines: DiffLine[];
  sql: string;
  doubts: string[];
}
export interface DiffLine {
  depth: number;
  mark: Mark;
  before: string;
  after: string;
}
export interface Sql {
  dialect: string;
  pieces: SqlPiece[];
  refused: string | null;
}
export interface SqlPiece {
  text: string;
  note: string | null;
  spot: Spot | null;
}
export interface QueryAnswer {
  statement: string;
  columns: string[];
  rows: Cell[][];
  written: number | null;
  error: string | null;
  unknown: string | null;
}
export interface RuleName {
  name: string;
  code: string;
  summary: string;
}
export interface RuleManual {
  name: string;
  code: string;
  /** Safe to show. */
  html: string;
  example: { path: string; text: string }[];
}

/** Proves the chains in the files. */
export function check(files: Files, settings?: Settings): Report;
/** The simulated database after moves. */
export function step(files: Files, moves: Move[], settings?: Settings): Database;
/** The simulated database at a revision. */
export function schema(files: Files, revision: string, settings?: Settings): Database;
/** The difference of the schemas at two revisions; `base` is the empty database. */
export function diff(files: Files, from: string, to: string, settings?: Settings): Diff;
/** The SQL that a revision sends, in the dialect of the settings. */
export function sql(files: Files, revision: string, downgrade?: boolean, settings?: Settings): Sql;
/** What SQL statements give on the database at a revision. */
export function query(files: Files, revision: string, sql: string, settings?: Settings): QueryAnswer[];
/** All rules. */
export function rules(): RuleName[];
/** The manual of a rule, by name or code. */
export function rule(nameOrCode: string): RuleManual;
