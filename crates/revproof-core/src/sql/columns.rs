//! Columns and constraints of `CREATE TABLE` and `ALTER TABLE`.

use std::sync::Arc;

use super::index_parts::{index_method, mysql_index};
use super::lexer::Kind;
use super::reader::Reader;
use super::types::column_type;
use crate::op::{ColumnSpec, ConstraintKind, ConstraintSpec, DefaultSpec, IndexSpec};
use crate::schema::{Computed, Dialect, Identity, Name, QName, ReferentialAction, SqlType};

/// What a table's body or an `ADD` may hold.
pub(super) enum Element {
    Column(Box<ColumnSpec>),
    Constraint(ConstraintSpec),
    /// `KEY name (columns)` (MySQL).
    Index(Box<IndexSpec>),
    /// `LIKE other`.
    Like,
}

/// Words that end a column's default and begin its next option.
pub(super) const OPTIONS: &[&str] = &[
    "AFTER",
    "AS",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "CHECK",
    "COLLATE",
    "COMMENT",
    "CONSTRAINT",
    "DEFAULT",
    "DEFERRABLE",
    "FIRST",
    "GENERATED",
    "INITIALLY",
    "INVISIBLE",
    "KEY",
    "NOT",
    "NULL",
    "ON",
    "PRIMARY",
    "REFERENCES",
    "STORAGE",
    "UNIQUE",
    "USING",
    "VISIBLE",
];

/// Reads one element; `table` is where an index of it goes.
pub(super) fn element(reader: &mut Reader<'_>, table: &QName) -> Option<Element> {
    if reader.eat("LIKE") {
        reader.qname()?;
        reader.skip_to(&[]);
        return Some(Element::Like);
    }
    if is_constraint(reader) {
        return constraint(reader).map(Element::Constraint);
    }
    if reader.dialect == Dialect::MySql
        && let Some(index) = mysql_index(reader, table)
    {
        return Some(Element::Index(Box::new(index)));
    }
    column(reader).map(|column| Element::Column(Box::new(column)))
}

fn is_constraint(reader: &Reader<'_>) -> bool {
    let paren = |ahead: usize| reader.raw_at(ahead) == "(";
    reader.is("CONSTRAINT")
        || reader.is("PRIMARY") && reader.is_at(1, "KEY")
        || reader.is("FOREIGN") && reader.is_at(1, "KEY")
        || reader.is("UNIQUE")
            && (paren(1) || ["KEY", "INDEX", "NULLS", "USING"].iter().any(|w| reader.is_at(1, w)) || paren(2))
        || reader.is("CHECK") && paren(1)
        || reader.is("EXCLUDE") && (paren(1) || reader.is_at(1, "USING"))
}

/// Reads a column with its options.
pub(super) fn column(reader: &mut Reader<'_>) -> Option<ColumnSpec> {
    let name = reader.name()?;
    let mut column = ColumnSpec {
        name,
        ty: SqlType::None,
        family: None,
        nullable: true,
        default: None,
        serial: false,
        identity: None,
        computed: None,
        collation: None,
        comment: None,
        constraints: Vec::new(),
        spelling: None,
        span: None,
    };
    let has_type = !reader.is_end() && !reader.is_op(",") && !reader.is_any(OPTIONS);
    if has_type {
        let start = reader.at;
        let read = column_type(reader)?;
        column.ty = read.ty;
        column.serial = read.serial;
        column.nullable = !read.serial;
        if reader.dialect == Dialect::Sqlite && is_plain_word(reader) {
            // SQLite takes any words for a type: `UNSIGNED BIG INT`.
            while is_plain_word(reader) {
                reader.at += 1;
            }
            reader.parens();
            column.ty = SqlType::Named(QName::new(reader.slice(start, reader.at)), Vec::new());
        }
    } else if reader.dialect != Dialect::Sqlite {
        return None;
    }
    column_options(reader, &mut column)?;
    Some(column)
}

fn is_plain_word(reader: &Reader<'_>) -> bool {
    reader.peek().is_some_and(|token| token.kind == Kind::Word) && !reader.is_any(OPTIONS)
}

/// Reads the options behind a column's type, up to a comma or the end.
pub(super) fn column_options(reader: &mut Reader<'_>, column: &mut ColumnSpec) -> Option<()> {
    let mut constraint_name = None;
    while !reader.is_end() && !reader.is_op(",") {
        if reader.eat("CONSTRAINT") {
            constraint_name = Some(reader.name()?);
            continue;
        }
        if reader.eat("NOT NULL") {
            column.nullable = false;
        } else if reader.eat("NULL") {
            column.nullable = true;
        } else if reader.eat("DEFAULT") {
            column.default = Some(default(reader, OPTIONS)?);
        } else if reader.eat("GENERATED") {
            generated(reader, column)?;
        } else if reader.is("AS") && reader.raw_at(1) == "(" {
            reader.at += 1;
            computed(reader, column)?;
        } else if reader.eat_any(&["AUTO_INCREMENT", "AUTOINCREMENT"]) {
            column.serial = true;
        } else if reader.eat("COLLATE") {
            column.collation = Some(reader.qname()?.name.clone());
        } else if reader.eat("COMMENT") {
            column.comment = Some(reader.string()?);
        } else if reader.eat("ON UPDATE") {
            reader.expression(OPTIONS)?;
        } else if reader.eat("ON CONFLICT")
            || reader.eat("USING INDEX TABLESPACE")
            || reader.eat_any(&["STORAGE", "COMPRESSION", "COLUMN_FORMAT", "CHARSET", "CHARACTER SET"])
        {
            reader.name()?;
        } else if reader.eat_any(&["VISIBLE", "INVISIBLE", "VIRTUAL", "STORED"]) {
        } else if reader.is_any(&["FIRST", "AFTER"]) {
            // Where MySQL puts the column is no difference.
            if !reader.eat("FIRST") {
                reader.at += 1;
                reader.name()?;
            }
        } else if let Some(kind) = inline_constraint(reader) {
            if matches!(kind, ConstraintKind::PrimaryKey { .. }) && reader.dialect != Dialect::Sqlite {
                column.nullable = false;
            }
            let mut spec = spec(constraint_name.take(), kind);
            attributes(reader, &mut spec)?;
            if reader.eat("ON CONFLICT") {
                reader.name()?;
            }
            column.constraints.push(spec);
        } else {
            return None;
        }
    }
    Some(())
}

/// A default. MySQL's other way to quote a string is put right, so that nobody takes it for a name.
pub(super) fn default(reader: &mut Reader<'_>, stops: &[&str]) -> Option<DefaultSpec> {
    let first = reader.peek()?;
    let text = reader.expression(stops)?;
    if reader.raw(first) == &*text && text.starts_with('"') && first.kind == Kind::Str {
        let value = reader.string_value(first)?.replace('\'', "''");
        return Some(DefaultSpec::Sql(Arc::from(format!("'{value}'"))));
    }
    Some(DefaultSpec::Sql(text))
}

fn inline_constraint(reader: &mut Reader<'_>) -> Option<ConstraintKind> {
    if reader.eat("PRIMARY KEY") || reader.eat("KEY") {
        reader.eat_any(&["ASC", "DESC"]);
        return Some(ConstraintKind::PrimaryKey { columns: Vec::new(), using_index: None });
    }
    if reader.eat("UNIQUE") {
        reader.eat("KEY");
        let nulls_not_distinct = nulls_not_distinct(reader);
        return Some(ConstraintKind::Unique { columns: Vec::new(), nulls_not_distinct, using_index: None });
    }
    if reader.eat("CHECK") {
        return check(reader);
    }
    if reader.is("REFERENCES") {
        return references(reader, Vec::new());
    }
    None
}

/// Reads a table constraint.
pub(super) fn constraint(reader: &mut Reader<'_>) -> Option<ConstraintSpec> {
    let mut name = None;
    if reader.eat("CONSTRAINT") && !reader.is_any(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]) {
        name = Some(reader.name()?);
    }
    let kind = if reader.eat("PRIMARY KEY") {
        index_method(reader);
        match using_index(reader)? {
            Some(index) => ConstraintKind::PrimaryKey { columns: Vec::new(), using_index: Some(index) },
            None => ConstraintKind::PrimaryKey { columns: reader.columns()?, using_index: None },
        }
    } else if reader.eat("UNIQUE") {
        reader.eat_any(&["KEY", "INDEX"]);
        if let Some(index) = using_index(reader)? {
            ConstraintKind::Unique { columns: Vec::new(), nulls_not_distinct: false, using_index: Some(index) }
        } else {
            let nulls_not_distinct = nulls_not_distinct(reader);
            if reader.dialect == Dialect::MySql && !reader.is_op("(") && !reader.is("USING") {
                name = name.or(Some(reader.name()?));
            }
            index_method(reader);
            ConstraintKind::Unique { columns: reader.columns()?, nulls_not_distinct, using_index: None }
        }
    } else if reader.eat("FOREIGN KEY") {
        if !reader.is_op("(") {
            let index = reader.name()?;
            name = name.or(Some(index));
        }
        let columns = reader.columns()?;
        references(reader, columns)?
    } else if reader.eat("CHECK") {
        check(reader)?
    } else if reader.eat("EXCLUDE") {
        exclude(reader)?
    } else {
        return None;
    };
    let mut spec = spec(name, kind);
    attributes(reader, &mut spec)?;
    Some(spec)
}

fn spec(name: Option<Name>, kind: ConstraintKind) -> ConstraintSpec {
    ConstraintSpec { name, kind, deferrable: None, initially_deferred: None, not_valid: false, tail: None, span: None }
}

/// What may follow any constraint.
fn attributes(reader: &mut Reader<'_>, spec: &mut ConstraintSpec) -> Option<()> {
    loop {
        if reader.eat("NOT DEFERRABLE") {
            spec.deferrable = Some(false);
        } else if reader.eat("DEFERRABLE") {
            spec.deferrable = Some(true);
        } else if reader.eat("INITIALLY DEFERRED") {
            spec.initially_deferred = Some(true);
            spec.deferrable = Some(spec.deferrable.unwrap_or(true));
        } else if reader.eat("INITIALLY IMMEDIATE") {
            spec.initially_deferred = Some(false);
        } else if reader.eat("NOT VALID") {
            spec.not_valid = true;
        } else if reader.eat("NO INHERIT") || reader.eat("NOT ENFORCED") || reader.eat("ENFORCED") {
        } else if reader.eat_any(&["INCLUDE", "WITH"]) {
            reader.parens()?;
        } else if reader.eat("USING INDEX TABLESPACE") || reader.eat("ON CONFLICT") {
            reader.name()?;
        } else if reader.dialect == Dialect::MySql && reader.eat("COMMENT") {
            reader.string()?;
        } else if reader.dialect == Dialect::MySql && reader.is("USING") {
            index_method(reader);
        } else {
            return Some(());
        }
    }
}

fn check(reader: &mut Reader<'_>) -> Option<ConstraintKind> {
    let condition = reader.parens()?.rest();
    Some(ConstraintKind::Check { condition })
}

fn references(reader: &mut Reader<'_>, columns: Vec<Name>) -> Option<ConstraintKind> {
    reader.expect("REFERENCES")?;
    let ref_table = reader.qname()?;
    let ref_columns = if reader.is_op("(") { reader.columns()? } else { Vec::new() };
    let (mut on_delete, mut on_update) = (ReferentialAction::default(), ReferentialAction::default());
    let mut match_type = None;
    loop {
        if reader.eat("ON DELETE") {
            on_delete = action(reader)?;
        } else if reader.eat("ON UPDATE") {
            on_update = action(reader)?;
        } else if reader.eat("MATCH") {
            match_type = Some(Name::from(reader.raw_at(0).to_ascii_uppercase()));
            reader.bump()?;
        } else {
            return Some(ConstraintKind::ForeignKey {
                columns,
                ref_table,
                ref_columns,
                on_delete,
                on_update,
                match_type,
            });
        }
    }
}

fn action(reader: &mut Reader<'_>) -> Option<ReferentialAction> {
    let action = ReferentialAction::ALL.into_iter().find(|action| reader.eat(action.words()))?;
    if matches!(action, ReferentialAction::SetNull | ReferentialAction::SetDefault) {
        reader.parens();
    }
    Some(action)
}

fn exclude(reader: &mut Reader<'_>) -> Option<ConstraintKind> {
    let start = reader.at;
    index_method(reader);
    let mut inner = reader.parens()?;
    let mut columns = Vec::new();
    while !inner.is_end() {
        if inner.peek().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted)) && inner.raw_at(1) != "(" {
            columns.push(inner.name()?);
        }
        inner.skip_to(&[]);
        if !inner.eat_op(",") {
            break;
        }
    }
    if reader.eat("WHERE") {
        reader.parens()?;
    }
    Some(ConstraintKind::Exclude { definition: reader.slice(start, reader.at), columns })
}

fn nulls_not_distinct(reader: &mut Reader<'_>) -> bool {
    let not = reader.eat("NULLS NOT DISTINCT");
    reader.eat("NULLS DISTINCT");
    not
}

#[expect(clippy::option_option, reason = "the outer one is a failure to read")]
fn using_index(reader: &mut Reader<'_>) -> Option<Option<Name>> {
    if reader.eat("USING INDEX") { Some(Some(reader.name()?)) } else { Some(None) }
}

fn generated(reader: &mut Reader<'_>, column: &mut ColumnSpec) -> Option<()> {
    let always = !reader.eat("BY DEFAULT");
    reader.eat("ALWAYS");
    reader.expect("AS")?;
    if reader.is_op("(") {
        return computed(reader, column);
    }
    reader.expect("IDENTITY")?;
    column.identity = Some(identity(reader, always)?);
    column.nullable = false;
    Some(())
}

fn computed(reader: &mut Reader<'_>, column: &mut ColumnSpec) -> Option<()> {
    let expression: Arc<str> = reader.parens()?.rest();
    let persisted = reader.eat("STORED") || reader.eat("PERSISTENT");
    reader.eat("VIRTUAL");
    column.computed = Some(Computed { expression, persisted });
    Some(())
}

/// The options of an identity column, in parentheses or not there.
pub(super) fn identity(reader: &mut Reader<'_>, always: bool) -> Option<Identity> {
    let mut identity =
        Identity { always, start: None, increment: None, min_value: None, max_value: None, cycle: false, cache: None };
    let Some(mut options) = reader.parens() else { return Some(identity) };
    while !options.is_end() {
        identity_option(&mut options, &mut identity)?;
    }
    Some(identity)
}

/// One option of a sequence.
pub(super) fn identity_option(reader: &mut Reader<'_>, identity: &mut Identity) -> Option<()> {
    if reader.eat("START") {
        reader.eat("WITH");
        identity.start = Some(reader.integer()?);
    } else if reader.eat("INCREMENT") {
        reader.eat("BY");
        identity.increment = Some(reader.integer()?);
    } else if reader.eat("MINVALUE") {
        identity.min_value = Some(reader.integer()?);
    } else if reader.eat("MAXVALUE") {
        identity.max_value = Some(reader.integer()?);
    } else if reader.eat("CACHE") {
        identity.cache = Some(reader.integer()?);
    } else if reader.eat("CYCLE") {
        identity.cycle = true;
    } else if reader.eat("NO CYCLE") || reader.eat("NO MINVALUE") || reader.eat("NO MAXVALUE") {
    } else if reader.eat("SEQUENCE NAME") {
        reader.qname()?;
    } else {
        return None;
    }
    Some(())
}
