//! What revproof says against what the real thing did.

use revproof_core::op::FailureKind;
use revproof_core::schema::Dialect;
use serde_json::Value;

use crate::kind::kind_of;
use crate::normal::facts;
use crate::ours::{Ended, Ran, Said, State};

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) revision: String,
    /// `up`, `down` or `again`.
    pub(crate) stage: &'static str,
    pub(crate) field: Field,
    pub(crate) answer: Answer,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    /// Whether a run came to its end.
    Success,
    /// What kind of error ended it.
    Error,
    /// The schema after it.
    Schema,
    /// The rows after it.
    Rows,
    /// Whether the downgrade brought back the schema.
    SchemaRestored,
    /// Whether it brought back the rows.
    RowsRestored,
    /// Whether the database took the rows that revproof made up.
    Seeds,
}

/// What came of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Agree,
    /// revproof says that it does not know, and why.
    Unknown(String),
    /// They differ: what kind of difference it is, the same for the same cause, and the difference itself.
    Differ {
        what: String,
        detail: String,
    },
}

impl Point {
    /// What names a disagreement, whatever the names in the chain are.
    pub(crate) fn signature(&self) -> Option<String> {
        match &self.answer {
            Answer::Differ { what, .. } => Some(format!("{:?}: {what}", self.field)),
            _ => None,
        }
    }
}

impl Field {
    /// What it is called in a table.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Success => "succeeds or fails",
            Self::Error => "kind of error",
            Self::Schema => "schema after it",
            Self::Rows => "rows after it",
            Self::SchemaRestored => "downgrade restores the schema",
            Self::RowsRestored => "downgrade restores the rows",
            Self::Seeds => "made-up rows are taken",
        }
    }
}

/// Compares a chain, revision by revision. It ends where the two have parted: where an upgrade comes to something else,
/// or to something that revproof does not know.
pub(crate) fn compare(dialect: Dialect, said: &[Said], answer: &Value) -> Vec<Point> {
    let mut points = Vec::new();
    for (said, real) in said.iter().zip(answer["revisions"].as_array().into_iter().flatten()) {
        let mut stages = Stages { dialect, schemas: &answer["schemas"], points: &mut points, revision: &said.id };
        if !stages.seeds(said, real) || !stages.run("up", said.up.as_ref(), &real["up"]) {
            break;
        }
        let came_down = stages.run("down", said.down.as_ref(), &real["down"]);
        if came_down && real["down"].is_object() && real["down"]["error"].is_null() && said.down.is_some() {
            stages.restored(said, real);
            stages.run("again", said.again.as_ref(), &real["again"]);
        }
    }
    points
}

struct Stages<'a> {
    dialect: Dialect,
    schemas: &'a Value,
    points: &'a mut Vec<Point>,
    revision: &'a str,
}

impl Stages<'_> {
    fn note(&mut self, stage: &'static str, field: Field, answer: Answer) -> bool {
        let goes_on = answer == Answer::Agree;
        self.points.push(Point { revision: self.revision.to_owned(), stage, field, answer });
        goes_on
    }

    fn differ(
        &mut self,
        stage: &'static str,
        field: Field,
        what: impl Into<String>,
        detail: impl Into<String>,
    ) -> bool {
        self.note(stage, field, Answer::Differ { what: what.into(), detail: detail.into() })
    }

    /// Whether the database took the rows, and has what revproof has before the upgrade.
    fn seeds(&mut self, said: &Said, real: &Value) -> bool {
        if real["seed"].is_object() {
            let kind = kind_of(self.dialect, &real["seed"]);
            return self.differ("up", Field::Seeds, format!("{kind:?}"), real["seed"]["message"].to_string());
        }
        match rows_differ(self.dialect, self.schemas, &said.before, &real["before"]) {
            Answer::Differ { what, detail } => self.differ("up", Field::Seeds, what, detail),
            _ => self.note("up", Field::Seeds, Answer::Agree),
        }
    }

    /// Compares a run; whether both came to the same, and all of it is known.
    fn run(&mut self, stage: &'static str, ran: Option<&Ran>, real: &Value) -> bool {
        let (Some(ran), true) = (ran, real.is_object()) else { return false };
        if ran.ended == Ended::Unknown {
            self.note(stage, Field::Success, Answer::Unknown(ran.why.clone()));
        } else if !self.ended(stage, ran, real) {
            return false;
        }
        // What comes back to where it was is kept once, with the columns in the order that they had.
        let loose = stage != "up";
        let schema = schema_differs(self.dialect, self.schemas, &ran.state, real, loose);
        let unknown = matches!(ran.ended, Ended::Unknown);
        // What is left of a run of which one does not know whether it fails is known no better.
        let unsure = unknown && !matches!(schema, Answer::Agree) && real["error"].is_object();
        let schema = if unsure { Answer::Unknown(ran.why.clone()) } else { schema };
        let same_schema = self.note(stage, Field::Schema, schema);
        if !same_schema {
            return false;
        }
        if !ran.keeps_rows {
            return !unknown;
        }
        let rows = match rows_differ(self.dialect, self.schemas, &ran.state, real) {
            Answer::Differ { .. } if ran.copied_what_was_set_aside => {
                Answer::Unknown("rows were set aside after they had been copied".to_owned())
            }
            rows => rows,
        };
        self.note(stage, Field::Rows, rows) && !unknown
    }

    /// Whether a run of which revproof is sure ended as it says.
    fn ended(&mut self, stage: &'static str, ran: &Ran, real: &Value) -> bool {
        let first = if ran.finding.is_some() { Ended::Failed(ran.finding) } else { ran.ended };
        if !self.attempt(stage, first, &real["first"], &ran.why, ran.unsure) {
            return false;
        }
        if ran.set_aside_its_own {
            let why = "rows that it made of made-up ones were set aside";
            return self.note(stage, Field::Success, Answer::Unknown(why.to_owned()));
        }
        // The same run without the rows that were set aside.
        ran.finding.is_none() || self.attempt(stage, ran.ended, &real["error"], &ran.why, ran.unsure)
    }

    fn attempt(&mut self, stage: &'static str, ended: Ended, real: &Value, why: &str, unsure: bool) -> bool {
        let kind = kind_of(self.dialect, real);
        let message = real["message"].as_str().unwrap_or_default();
        if unsure && kind.is_some() && matches!(ended, Ended::Failed(ours) if ours != kind) {
            // Something before may have failed already.
            return self.note(stage, Field::Error, Answer::Unknown(why.to_owned()));
        }
        match (ended, real.is_object()) {
            (Ended::Well, false) => self.note(stage, Field::Success, Answer::Agree),
            (Ended::Well, true) => {
                self.differ(stage, Field::Success, format!("goes through, but really {}", shown(kind)), message)
            }
            (Ended::Failed(ours), false) => {
                self.differ(stage, Field::Success, format!("{}, but really goes through", shown(ours)), why)
            }
            (Ended::Failed(ours), true) => {
                self.note(stage, Field::Success, Answer::Agree);
                // Alembic's own errors are of no kind, but rows are not what they are about.
                let kindless = kind.is_none() && !ours.is_some_and(FailureKind::is_data);
                if ours == kind || kindless {
                    self.note(stage, Field::Error, Answer::Agree)
                } else {
                    let what = format!("{}, but really {}", shown(ours), shown(kind));
                    let detail = format!("{why} | {message}");
                    // Which error it is changes nothing of what comes after.
                    self.differ(stage, Field::Error, what, detail);
                    true
                }
            }
            (Ended::Unknown, _) => true,
        }
    }

    /// Whether the downgrade brought back what was there.
    fn restored(&mut self, said: &Said, real: &Value) {
        // The texts of views, which each side keeps in its own words, are compared with those that were there before.
        let reflected = |state: &Value| {
            let schema = schema_of(self.schemas, state);
            (facts(schema, self.dialect, true), &schema["view_texts"])
        };
        let same = reflected(&real["before"]) == reflected(&real["down"]);
        self.came_back(Field::SchemaRestored, said.restores_schema, same);
        if same && !said.set_aside {
            let same = rows_of(&real["before"]) == rows_of(&real["down"]);
            self.came_back(Field::RowsRestored, said.restores_rows, same);
        }
    }

    fn came_back(&mut self, field: Field, ours: Option<bool>, real: bool) {
        let answer = match ours {
            None => Answer::Unknown("what the downgrade leaves is not known".to_owned()),
            Some(ours) if ours == real => Answer::Agree,
            Some(ours) => Answer::Differ { what: format!("ours {ours}, really {real}"), detail: String::new() },
        };
        self.note("down", field, answer);
    }
}

fn shown(kind: Option<FailureKind>) -> String {
    kind.map_or_else(|| "fails".to_owned(), |kind| format!("fails of {kind:?}"))
}

/// How the schemas of two states differ; `loose` leaves out the order of columns.
fn schema_differs(dialect: Dialect, schemas: &Value, ours: &State, real: &Value, loose: bool) -> Answer {
    let Some(schema) = &ours.schema else { return Answer::Unknown("the schema is not known".to_owned()) };
    let own = facts(schema, dialect, loose);
    let theirs = facts(schema_of(schemas, real), dialect, loose);
    for fact in own.keys().chain(theirs.keys()) {
        let (a, b) = (own.get(fact), theirs.get(fact));
        if a != b {
            let show = |v: Option<&Value>| v.map_or_else(|| "absent".to_owned(), Value::to_string);
            let what = match (a, b) {
                (Some(_), Some(_)) => fact.kind.to_string(),
                (None, _) => format!("{} is missing", fact.kind),
                (_, None) => format!("{} is too much", fact.kind),
            };
            return Answer::Differ { what, detail: format!("{}: ours {}, really {}", fact.place, show(a), show(b)) };
        }
    }
    Answer::Agree
}

fn schema_of<'a>(schemas: &'a Value, state: &Value) -> &'a Value {
    &schemas[state["schema"].as_u64().unwrap_or_default() as usize]
}

/// How the rows of two states differ.
fn rows_differ(dialect: Dialect, schemas: &Value, ours: &State, real: &Value) -> Answer {
    let schema = schema_of(schemas, real);
    let mut unknown = None;
    for (table, rows) in &ours.rows {
        let Some(rows) = rows else {
            unknown.get_or_insert_with(|| format!("the rows of {table} are not known"));
            continue;
        };
        let theirs = &real["rows"][table];
        let (mut own, mut really) = (sorted(rows, |_| true), sorted(theirs, |_| true));
        if own != really {
            let mut counting = counting_columns(dialect, &schema["tables"][table]);
            if dialect == Dialect::Sqlite {
                counting.extend(counted_elsewhere(rows, theirs));
            }
            own = without_counting(rows, &counting);
            really = without_counting(theirs, &counting);
        }
        if own != really {
            let what = if own.len() == really.len() { "a value" } else { "the number of rows" };
            let differing = own.iter().zip(&really).find(|(a, b)| a != b);
            let detail = match differing {
                Some((a, b)) => format!("{table}: ours {a}, really {b}"),
                None => format!("{table}: ours {}, really {}", own.len(), really.len()),
            };
            return Answer::Differ { what: what.to_owned(), detail };
        }
    }
    unknown.map_or(Answer::Agree, Answer::Unknown)
}

fn rows_of(state: &Value) -> Vec<(String, Vec<String>)> {
    let tables = state["rows"].as_object().into_iter().flatten();
    let mut tables: Vec<(String, Vec<String>)> =
        tables.map(|(name, rows)| (name.clone(), sorted(rows, |_| true))).collect();
    tables.sort();
    tables
}

/// The rows without what is counted.
///
/// By design, made-up rows do not count where SQLite takes the next number, so that what a script inserts gets the numbers
/// that it would get in a table without them. PostgreSQL gives a new column's numbers to the rows as they lie on the disk,
/// which is no order that anyone may count on, and rows that are set aside later have had theirs.
fn without_counting(rows: &Value, counting: &[String]) -> Vec<String> {
    sorted(rows, |column| !counting.iter().any(|counted| counted == column))
}

/// The columns in which the database counts up: on SQLite the primary key, on PostgreSQL what a sequence fills.
fn counting_columns(dialect: Dialect, table: &Value) -> Vec<String> {
    let key: Vec<&str> = table["primary_key"]["constrained_columns"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let is_key = |column: &Value| key == [column["name"].as_str().unwrap_or_default()] && column["type"] == "INTEGER";
    let draws = |column: &Value| column["default"].as_str().is_some_and(|default| default.starts_with("nextval("));
    let counts = |column: &&Value| {
        if dialect == Dialect::Sqlite { is_key(column) } else { draws(column) || column["identity"].is_object() }
    };
    let columns = table["columns"].as_array().into_iter().flatten().filter(counts);
    columns.filter_map(|column| column["name"].as_str().map(str::to_owned)).collect()
}

/// The columns into which such a number has been copied, or that have counted before they got another type: really they
/// hold one that goes on from the made-up rows, and these begin above a million.
fn counted_elsewhere(ours: &Value, real: &Value) -> Vec<String> {
    let beyond = |cell: &Value| {
        let number = cell.as_f64().or_else(|| cell.as_str()?.parse().ok());
        number.is_some_and(|number| (1e6..1e7).contains(&number))
    };
    let column = |rows: &Value, at: usize| -> Vec<Value> {
        let cells = rows["rows"].as_array().into_iter().flatten().map(|row| row[at].clone());
        cells.filter(beyond).collect()
    };
    let names = real["columns"].as_array().into_iter().flatten().enumerate();
    let place = |name: &Value| ours["columns"].as_array().into_iter().flatten().position(|own| own == name);
    let differs =
        |(at, name): &(usize, &Value)| place(name).is_some_and(|own| column(ours, own).len() < column(real, *at).len());
    names.filter(differs).filter_map(|(_, name)| name.as_str().map(str::to_owned)).collect()
}

/// Rows by column, in an order that hangs on nothing but their values, with some of the columns.
fn sorted(rows: &Value, with: impl Fn(&str) -> bool) -> Vec<String> {
    let columns: Vec<&str> = rows["columns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let row = |row: &Value| {
        let cells = row.as_array().into_iter().flatten();
        let mut cells: Vec<(&str, String)> = columns.iter().copied().zip(cells.map(Value::to_string)).collect();
        cells.retain(|(column, _)| with(column));
        cells.sort();
        cells.iter().map(|(column, value)| format!("{column}={value}")).collect::<Vec<_>>().join(", ")
    };
    let mut sorted: Vec<String> = rows["rows"].as_array().into_iter().flatten().map(row).collect();
    sorted.sort();
    sorted
}
