//! [`Operation`] and everything that it is made of.

use std::sync::Arc;

use super::datum::Datum;
use super::spelling::{ColumnSpelling, IndexSpelling, TableSpelling};
use crate::schema::{Computed, Identity, Name, ObjectKind, QName, ReferentialAction, SqlType, TypeFamily};
use crate::source::Span;

/// One statement as a server would see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What it does.
    pub kind: OpKind,
    /// The call or statement in the script.
    pub span: Span,
    /// Whether it happens for certain.
    pub certainty: Certainty,
    /// How the script said it.
    pub origin: Origin,
}

/// Whether an operation happens for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certainty {
    /// It does.
    Certain,
    /// It stands under a condition that can't be decided.
    Conditional {
        /// Why it can't.
        why: Arc<str>,
        /// The condition.
        span: Span,
    },
}

/// How the script said it. Rules that are about how a script is written look here; the simulation does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An `op.…` directive.
    Directive,
    /// A directive inside `batch_alter_table`.
    Batch,
    /// Follows from another directive: an index of `Column(index=True)`, an enum type of `create_table`.
    Implied,
    /// SQL text or a Core construct, executed.
    Sql,
    /// A method of a type or table object: `sa.Enum(…).create(bind)`.
    Object,
}

/// What the name of every bound value begins with that stands for an unknown piece of a text ([`SqlText`]).
pub const HOLE: &str = "__hole_";

/// SQL text that a script executes, with its bound values.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlText {
    /// The text, binds written as `:name`.
    pub text: Arc<str>,
    /// The bound values. A `:name` without one is NULL, as Alembic sends it. Those whose
    /// names begin with [`HOLE`] stand for unknown pieces of the text, and may be names as well as values in it.
    pub params: Vec<(Name, Datum)>,
    /// Where the text stands in the script, when it is one plain literal: byte `i` of the text is byte
    /// `span.start + i` of the file, so that findings can point into the SQL.
    pub literal: Option<Span>,
}

/// A server default as a script gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultSpec {
    /// SQL text: `sa.text("now()")`, a function call, a quoted literal.
    Sql(Arc<str>),
    /// There is one, but which is not known.
    Unknown(Arc<str>),
}

/// What an operation does. Names are as the script spells them (SQLAlchemy quotes what needs quotes, so nothing is
/// folded); a schema is already `None` where it is the default one.
#[derive(Debug, Clone, PartialEq)]
pub enum OpKind {
    /// `CREATE TABLE`.
    CreateTable {
        /// The table.
        table: TableSpec,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `DROP TABLE`.
    DropTable {
        /// The table.
        table: QName,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER TABLE … RENAME TO`.
    RenameTable {
        /// The old name.
        table: QName,
        /// The new name, in the same schema.
        to: Name,
        /// `ALTER TABLE IF EXISTS`.
        if_exists: bool,
    },
    /// `ALTER TABLE … SET SCHEMA`.
    MoveTable {
        /// The table.
        table: QName,
        /// The new schema, `None` being the default one.
        schema: Option<Name>,
    },
    /// `COMMENT ON TABLE`.
    CommentTable {
        /// The table.
        table: QName,
        /// The comment; `None` takes it away.
        comment: Option<Name>,
    },
    /// `ALTER TABLE … ADD COLUMN`.
    AddColumn {
        /// The table.
        table: QName,
        /// The column.
        column: Box<ColumnSpec>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `ALTER TABLE … DROP COLUMN`.
    DropColumn {
        /// The table.
        table: QName,
        /// The column.
        column: Name,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// One or more `ALTER TABLE … ALTER COLUMN` of one column, in the order in which they are sent.
    AlterColumn {
        /// The table.
        table: QName,
        /// The column.
        column: Name,
        /// The changes.
        changes: Vec<ColumnChange>,
    },
    /// `CREATE INDEX`.
    CreateIndex {
        /// The index.
        index: IndexSpec,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `DROP INDEX`.
    DropIndex {
        /// The index.
        index: QName,
        /// Its table, where the script names it (MySQL needs it).
        table: Option<QName>,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `ALTER INDEX … RENAME TO`.
    RenameIndex {
        /// The old name.
        index: QName,
        /// The new name.
        to: Name,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ALTER TABLE … ADD CONSTRAINT`.
    AddConstraint {
        /// The table.
        table: QName,
        /// The constraint.
        constraint: ConstraintSpec,
    },
    /// `ALTER TABLE … DROP CONSTRAINT`.
    DropConstraint {
        /// The table.
        table: QName,
        /// The constraint; `None` where the script gives no name (`drop_constraint(None, …)`), which no server takes.
        name: Option<Name>,
        /// What it is, where the script says so.
        kind: Option<ConstraintKindName>,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER TABLE … RENAME CONSTRAINT`.
    RenameConstraint {
        /// The table.
        table: QName,
        /// The old name.
        name: Name,
        /// The new name.
        to: Name,
    },
    /// `ALTER TABLE … VALIDATE CONSTRAINT`.
    ValidateConstraint {
        /// The table.
        table: QName,
        /// The constraint.
        name: Name,
    },
    /// A batch block that rebuilds its table: a new table, the rows copied over, the old one dropped (SQLite, or
    /// `recreate="always"`).
    Rebuild(Box<Batch>),
    /// `CREATE TYPE … AS ENUM`.
    CreateEnum {
        /// The type.
        name: QName,
        /// Its values.
        values: Vec<Name>,
        /// Skipped where it exists (`checkfirst`); a plain `CREATE TYPE` fails.
        if_not_exists: bool,
    },
    /// `DROP TYPE`.
    DropType {
        /// The type.
        name: QName,
        /// Skipped where it does not exist (`checkfirst`, `IF EXISTS`).
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER TYPE … ADD VALUE`.
    AddEnumValue {
        /// The type.
        name: QName,
        /// The new value.
        value: Name,
        /// Before (`true`) or after (`false`) another value.
        position: Option<(bool, Name)>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameEnumValue {
        /// The type.
        name: QName,
        /// The old value.
        value: Name,
        /// The new value.
        to: Name,
    },
    /// `ALTER TYPE … RENAME TO`.
    RenameType {
        /// The old name.
        name: QName,
        /// The new name.
        to: Name,
    },
    /// `CREATE SEQUENCE`.
    CreateSequence {
        /// The sequence.
        name: QName,
        /// `START WITH`.
        start: Option<i64>,
        /// `INCREMENT BY`.
        increment: Option<i64>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// `OWNED BY table.column`.
        owned_by: Option<(QName, Name)>,
        /// All options as SQLAlchemy writes them.
        spelled: Option<Name>,
    },
    /// `DROP SEQUENCE`.
    DropSequence {
        /// The sequence.
        name: QName,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER SEQUENCE … RENAME TO` or `OWNED BY`.
    AlterSequence {
        /// The sequence.
        name: QName,
        /// The new name, where it is renamed.
        to: Option<Name>,
        /// The new owner: `Some(None)` is `OWNED BY NONE`.
        owned_by: Option<Option<(QName, Name)>>,
        /// `RESTART`, perhaps `WITH` a number.
        restart: Option<Option<i64>>,
    },
    /// `CREATE VIEW`, `FUNCTION`, `TRIGGER`, `EXTENSION`, `SCHEMA`, …: named, otherwise opaque.
    CreateObject {
        /// Its kind.
        kind: ObjectKind,
        /// Its name.
        name: QName,
        /// Its definition, white space folded.
        definition: Name,
        /// The tables, views and types that it names.
        depends_on: Vec<QName>,
        /// `OR REPLACE`.
        or_replace: bool,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `DROP VIEW`, …
    DropObject {
        /// Its kind.
        kind: ObjectKind,
        /// Its name.
        name: QName,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER VIEW … RENAME TO`, …
    RenameObject {
        /// Its kind.
        kind: ObjectKind,
        /// The old name.
        name: QName,
        /// The new name.
        to: Name,
    },
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The view.
        view: QName,
        /// `CONCURRENTLY`.
        concurrently: bool,
        /// Not `WITH NO DATA`.
        fills: bool,
    },
    /// `TRUNCATE`.
    Truncate {
        /// The tables.
        tables: Vec<QName>,
        /// `RESTART IDENTITY`.
        restart: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `op.bulk_insert`: rows for a table, each a list of columns and values.
    BulkInsert {
        /// The table.
        table: QName,
        /// The rows.
        rows: Vec<Vec<(Name, Datum)>>,
    },
    /// SQL text. The host splits it into statements and turns DDL into other operations; what arrives at the engine
    /// as this kind is INSERT, UPDATE, DELETE or a query.
    Sql(SqlText),
    /// A statement that changes nothing that is simulated: `SET`, `ANALYZE`, `GRANT`, `VACUUM`, `LOCK`.
    NoEffect {
        /// What it is.
        what: Arc<str>,
    },
    /// A statement that was understood too little to be simulated.
    Opaque {
        /// What it is (`DO $$ … $$`, `op.run_async`).
        what: Arc<str>,
        /// Why it can't be simulated.
        why: Arc<str>,
        /// The tables and other objects that it is known to touch; none means that it may touch anything.
        touches: Vec<QName>,
        /// It can change nothing but rows.
        rows_only: bool,
    },
}

/// A table to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSpec {
    /// Its name.
    pub name: QName,
    /// Its columns.
    pub columns: Vec<ColumnSpec>,
    /// Its constraints, in the order in which the `CREATE TABLE` lists them. Column flags (`primary_key=True`,
    /// `unique=True`, `ForeignKey(…)`) have become constraints.
    pub constraints: Vec<ConstraintSpec>,
    /// Its comment.
    pub comment: Option<Name>,
    /// `CREATE TABLE … AS SELECT`: the query.
    pub as_query: Option<SqlText>,
    /// How SQLAlchemy writes it.
    pub spelling: Option<Box<TableSpelling>>,
}

impl TableSpec {
    /// SQLite's `WITHOUT ROWID`: the columns of the key are NOT NULL, and none of them is the row number by another name.
    pub(crate) fn without_rowid(&mut self) {
        let listed = |constraint: &ConstraintSpec, column: &Name| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => columns.iter().any(|c| c.eq_ignore_ascii_case(column)),
            _ => false,
        };
        for column in &mut self.columns {
            let own = column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
            if own || self.constraints.iter().any(|constraint| listed(constraint, &column.name)) {
                column.nullable = false;
                if column.ty == SqlType::Integer {
                    column.ty = SqlType::Builtin(Name::from("INTEGER"));
                }
            }
        }
    }
}

/// A column to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSpec {
    /// Its name.
    pub name: Name,
    /// Its type, as the dialect's compiler writes it. `SERIAL` is `Integer` with `serial`.
    pub ty: SqlType,
    /// The class under which SQLAlchemy counts the type, where it is one of SQLAlchemy's.
    pub family: Option<TypeFamily>,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its server default.
    pub default: Option<DefaultSpec>,
    /// `SERIAL`, `BIGSERIAL`, `SMALLSERIAL` (PostgreSQL), `AUTO_INCREMENT` (MySQL), `AUTOINCREMENT` (SQLite).
    pub serial: bool,
    /// `GENERATED … AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (…)`.
    pub computed: Option<Computed>,
    /// Its collation.
    pub collation: Option<Name>,
    /// Its comment.
    pub comment: Option<Name>,
    /// Constraints written at the column itself: `CHECK`, `REFERENCES`, `UNIQUE`, `PRIMARY KEY` of a SQL text or of
    /// `inline_references=True`. They name no columns of their own.
    pub constraints: Vec<ConstraintSpec>,
    /// How SQLAlchemy writes it.
    pub spelling: Option<Box<ColumnSpelling>>,
    /// The place of the column in the script.
    pub span: Option<Span>,
}

/// A constraint to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstraintSpec {
    /// Its name; `None` lets the server choose.
    pub name: Option<Name>,
    /// What it says.
    pub kind: ConstraintKind,
    /// `DEFERRABLE`.
    pub deferrable: Option<bool>,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: Option<bool>,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// The words behind the columns as SQLAlchemy writes them: `MATCH`, `ON DELETE`, `DEFERRABLE`.
    pub tail: Option<Name>,
    /// The place of the constraint in the script.
    pub span: Option<Span>,
}

/// What a constraint says.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// Its columns.
        columns: Vec<Name>,
        /// `USING INDEX name`.
        using_index: Option<Name>,
    },
    /// `UNIQUE`.
    Unique {
        /// Its columns.
        columns: Vec<Name>,
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
        /// `USING INDEX name`.
        using_index: Option<Name>,
    },
    /// `FOREIGN KEY`.
    ForeignKey {
        /// The referencing columns.
        columns: Vec<Name>,
        /// The referenced table.
        ref_table: QName,
        /// The referenced columns; none means the primary key.
        ref_columns: Vec<Name>,
        /// `ON DELETE`.
        on_delete: ReferentialAction,
        /// `ON UPDATE`.
        on_update: ReferentialAction,
        /// `MATCH`.
        match_type: Option<Name>,
    },
    /// `CHECK`.
    Check {
        /// The condition, as written.
        condition: Arc<str>,
    },
    /// `EXCLUDE`.
    Exclude {
        /// What follows `EXCLUDE`, as written.
        definition: Arc<str>,
        /// The columns that it names.
        columns: Vec<Name>,
    },
}

/// The kinds of constraints, as `drop_constraint(type_=…)` and messages name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConstraintKindName {
    /// `primary`.
    PrimaryKey,
    /// `unique`.
    Unique,
    /// `foreignkey`.
    ForeignKey,
    /// `check`.
    Check,
    /// An exclusion constraint.
    Exclude,
}

/// A change of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnChange {
    /// `TYPE … [USING …]`.
    Type {
        /// The new type.
        ty: SqlType,
        /// The class under which SQLAlchemy counts the new type, where it is one of SQLAlchemy's.
        family: Option<TypeFamily>,
        /// The `USING` expression.
        using: Option<Arc<str>>,
        /// The new collation.
        collation: Option<Name>,
        /// The type as SQLAlchemy writes it, collation and all.
        spelled: Option<Name>,
    },
    /// `SET NOT NULL` (`false`) or `DROP NOT NULL` (`true`).
    Nullable(bool),
    /// `SET DEFAULT` or, with `None`, `DROP DEFAULT`.
    Default(Option<DefaultSpec>),
    /// `COMMENT ON COLUMN`; `None` takes it away.
    Comment(Option<Name>),
    /// `ADD GENERATED … AS IDENTITY`, a change of its options, or, with `None`, `DROP IDENTITY`.
    Identity(Option<Identity>),
    /// `DROP EXPRESSION`.
    DropComputed,
    /// `AUTO_INCREMENT` (MySQL).
    Autoincrement(bool),
    /// An action behind `ALTER COLUMN name`, as SQLAlchemy writes it; only where nothing is applied.
    Spelled(Name),
    /// `RENAME COLUMN`.
    Rename(Name),
}

/// An index to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexSpec {
    /// Its name; `None` lets the server choose.
    pub name: Option<Name>,
    /// Its table.
    pub table: QName,
    /// Its parts.
    pub parts: Vec<IndexPartSpec>,
    /// The columns that SQLAlchemy finds in the parts, of which batch mode makes the index anew: an expression comes down
    /// to its columns. `None` where no `Index` object stands behind it.
    pub keys: Option<Vec<Name>>,
    /// Whether it is unique.
    pub unique: bool,
    /// `USING`.
    pub using: Option<Name>,
    /// The predicate of a partial index, as written.
    pub predicate: Option<Arc<str>>,
    /// `INCLUDE` columns.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// How SQLAlchemy writes it.
    pub spelling: Option<Box<IndexSpelling>>,
}

/// One part of an index to be made.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexPartSpec {
    /// A column, with what follows it (`DESC`, an operator class).
    Column(Name, Option<Name>),
    /// An expression, as written, with what follows it.
    Expression(Arc<str>, Option<Name>),
}

/// A batch block that rebuilds its table.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The table.
    pub table: QName,
    /// The changes, in order: operations on this table only (column, constraint, index, comment and rename ones).
    pub changes: Vec<Operation>,
    /// The table as `copy_from=` gives it, where it does; the new table then starts from this, not from the catalog.
    pub copy_from: Option<TableSpec>,
    /// Constraints and columns of `table_args=`.
    pub table_args: Vec<ConstraintSpec>,
    /// The placement of new or moved columns: column, before (`true`) or after (`false`), other column.
    pub placement: Vec<(Name, bool, Name)>,
    /// `partial_reordering=`: groups of column names, in their new order.
    pub reordering: Vec<Vec<Name>>,
    /// The naming convention by which unnamed constraints of the old table are known: token (`fk`, `uq`, …) and
    /// template.
    pub naming: Vec<(Name, Name)>,
}

impl Batch {
    /// The name that the new table has until it takes the place of the old one, of which Alembic keeps 50 characters.
    pub(crate) fn temporary_name(table: &str) -> String {
        format!("_alembic_tmp_{table}").chars().take(50).collect()
    }
}
