// SQL, as far as colours need it: the dialects differ in words that few migrations use.

const KEYWORDS = words(`
  add after all alter always analyze and any as asc asymmetric authorization begin between both by cascade case cast
  change check cluster collate column comment commit concurrently conflict constraint create cross current_date
  current_time current_timestamp current_user cycle database deallocate declare default deferrable deferred delete desc
  disable distinct do drop each else enable end escape except exclude execute exists explain extension false fetch
  filter first following for force foreign from full function generated grant group having identity if ignore ilike
  immediate in include increment index inherits initially inner insert instead intersect into is isnull join key
  language last lateral leading left like limit lock match materialized maxvalue merge minvalue modify natural no
  nothing notnull null nulls of offset on only or order outer over owned owner partition policy preceding primary
  privileges procedure public range recursive references refresh reindex release rename replace reset restart restrict
  returning returns revoke right role rollback row rows savepoint schema select sequence session set show similar
  some start storage stored strict symmetric table tablespace temp temporary then ties to trailing transaction trigger
  true truncate type unbounded union unique unlogged unsigned update use user using vacuum valid validate values
  varying verbose view virtual volatile when where window with within without
`);
const TYPES = words(`
  bigint bigserial binary bit blob bool boolean box bytea char character cidr circle citext clob date datetime decimal
  double enum float hstore inet int integer interval json jsonb line longblob longtext mediumint mediumtext money
  nchar numeric nvarchar path point polygon precision real serial smallint smallserial text time timestamp timestamptz
  tinyint tinytext tsquery tsvector uuid varbinary varchar varchar2 xml year zone
`);

export const sql = {
  name: "sql",
  startState: () => ({ until: null }),
  token(stream, state) {
    if (state.until) return rest(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match("--")) return stream.skipToEnd(), "comment";
    if (stream.match("/*")) return rest(stream, Object.assign(state, { until: "*/", token: "comment" }));
    const quote = stream.match(/^(?:\$\w*\$|')/);
    if (quote) return rest(stream, Object.assign(state, { until: quote[0], token: "string" }));
    // Names that are quoted, and parameters.
    if (stream.match(/^(?:"(?:[^"]|"")*"|`[^`]*`|\[\w+\])/)) return "propertyName";
    if (stream.match(/^(?:[:@$%]\w+|\?)/)) return "atom";
    if (stream.match(/^\d+(?:\.\d*)?(?:e[-+]?\d+)?/i)) return "number";
    const word = stream.match(/^[\p{L}_][\p{L}\d_$]*/u)?.[0].toLowerCase();
    if (word) return KEYWORDS.has(word) ? "keyword" : TYPES.has(word) ? "typeName" : null;
    return /[-+*/<>=!|&%^~]/.test(stream.next()) ? "operator" : "punctuation";
  },
  languageData: { commentTokens: { line: "--", block: { open: "/*", close: "*/" } } },
};

// What is quoted or a comment, to its end or that of the line.
function rest(stream, state) {
  while (!stream.eol()) {
    if (stream.match(state.until)) {
      state.until = null;
      break;
    }
    stream.next();
  }
  return state.token;
}

function words(text) {
  return new Set(text.trim().split(/\s+/));
}
