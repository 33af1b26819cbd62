//! Batch blocks on SQLite. What the block does is written as PostgreSQL's `ALTER TABLE` here; the operations are the
//! same.

use super::{dedented, operations, printed, run};
use crate::ddl::{Changed, apply};
use crate::op::{Batch, Certainty, OpKind, Operation, Origin, Outcome};
use crate::schema::{Catalog, Dialect, Name};
use crate::source::{FileId, Span};

const TABLE: &str = "
    create table t (
        id integer not null, a varchar(5), b integer, primary key (id), constraint ck check (a > 0),
        constraint uq unique (a), unique (b), check (b > 0)
    );
";

fn block(changes: &str, naming: &[(&str, &str)]) -> OpKind {
    let operation = |kind| Operation {
        kind,
        span: Span::new(FileId(0), 0, 0),
        certainty: Certainty::Certain,
        origin: Origin::Batch,
    };
    OpKind::Rebuild(Box::new(Batch {
        table: "t".into(),
        changes: operations(changes, Dialect::PostgreSql).into_iter().map(operation).collect(),
        copy_from: None,
        table_args: Vec::new(),
        placement: Vec::new(),
        reordering: Vec::new(),
        naming: naming.iter().map(|(token, text)| (Name::from(*token), Name::from(*text))).collect(),
    }))
}

fn rebuilt(setup: &str, block: &OpKind) -> (Catalog, Outcome<Changed>) {
    let mut catalog = Catalog::empty(Dialect::Sqlite);
    assert_eq!(run(&mut catalog, setup), "");
    let outcome = apply(&mut catalog, block);
    (catalog, outcome)
}

#[track_caller]
fn check(setup: &str, changes: &str, expected: &str) {
    check_named(setup, changes, &[], expected);
}

#[track_caller]
fn check_named(setup: &str, changes: &str, naming: &[(&str, &str)], expected: &str) {
    let (catalog, outcome) = rebuilt(setup, &block(changes, naming));
    let seen = match outcome {
        Ok(_) => printed(&catalog),
        Err(failure) => format!("! {}", failure.message),
    };
    assert_eq!(dedented(expected), seen.trim_end(), "\n--- seen ---\n{seen}");
}

#[test]
fn what_is_not_reflected_is_lost() {
    let setup =
        format!("{TABLE} create index ix_e on t (lower(a)); create unique index ix_d on t (a desc) where b > 0;");
    check(
        &setup,
        "alter table t alter column a set not null",
        "
        table t
          id INTEGER not null
          a VARCHAR(5) not null
          b INTEGER
          primary key - (id)
          unique uq (a)
          unique - (b)
          check ck: a > 0
          unique index ix_d (a) where b > 0
        ",
    );
}

#[test]
fn constraints_go_with_a_dropped_column_but_checks_and_indexes_stop_it() {
    check(
        TABLE,
        "alter table t drop column b",
        "
        table t
          id INTEGER not null
          a VARCHAR(5)
          primary key - (id)
          unique uq (a)
          check ck: a > 0
        ",
    );
    check(TABLE, "alter table t drop column a", "! no such column: a");
    let indexed = format!("{TABLE} create index ix on t (b);");
    check(&indexed, "alter table t drop column b", "! no such column: b");
    check(
        &indexed,
        "drop index ix; alter table t drop column b; alter table t drop constraint ck; alter table t drop column id",
        "
        table t
          a VARCHAR(5)
          unique uq (a)
        ",
    );
}

#[test]
fn renamed_columns_are_followed_except_in_text() {
    let indexed = format!("{TABLE} create index ix on t (b);");
    check(
        &indexed,
        "alter table t rename column b to bb; alter table t alter column b type text",
        "
        table t
          id INTEGER not null
          a VARCHAR(5)
          bb TEXT
          primary key - (id)
          unique uq (a)
          unique - (bb)
          check ck: a > 0
          index ix (bb)
        ",
    );
    check(TABLE, "alter table t rename column a to aa", "! no such column: a");
}

#[test]
fn unnamed_constraints_have_the_names_of_the_convention() {
    let naming = [("uq", "uq_%(table_name)s_%(column_0_name)s"), ("pk", "pk_%(table_name)s")];
    check_named(
        TABLE,
        "alter table t drop constraint uq_t_b",
        &naming,
        "
        table t
          id INTEGER not null
          a VARCHAR(5)
          b INTEGER
          primary key pk_t (id)
          unique uq (a)
          check ck: a > 0
        ",
    );
}

#[test]
fn what_alembic_refuses_is_refused() {
    check(TABLE, "alter table t drop constraint zz", "! No such constraint: 'zz'");
    check(
        TABLE,
        "alter table t drop column a; alter table t drop constraint uq; alter table t drop constraint uq",
        "! No such constraint: 'uq'",
    );
    check(TABLE, "drop index zz", "! No such index: 'zz'");
    check(TABLE, "alter table t add unique (a)", "! Constraint must have a name");
    let message = "! no such column: zz (batch mode knows the columns that \"t\" had)";
    check(TABLE, "alter table t drop column zz", message);
    check(TABLE, "alter table t alter column zz set not null", message);
    check("create table u (a int);", "alter table t drop column a", "! no such table: t");
    check(TABLE, "alter table t add constraint c check (zz > 0)", "! no such column: zz");
    let viewed = format!("{TABLE} create view v as select * from t;");
    check(&viewed, "alter table t alter column a set not null", "! error in view v: no such table: main.t");
}

#[test]
fn a_constraint_over_columns_that_are_not_there_vanishes() {
    check(
        "create table t (a int);",
        "alter table t add constraint u unique (zz); alter table t add constraint f foreign key (a) references p (id)",
        "
        table t
          a INTEGER
          foreign key f (a) to p (id)
        ",
    );
}

#[test]
fn a_new_primary_key_takes_the_place_of_the_old_one() {
    check(
        "create table t (id int not null, a int not null, constraint pk primary key (id));",
        "alter table t add constraint pk2 primary key (a)",
        "
        table t
          id INTEGER not null
          a INTEGER not null
          primary key pk2 (a)
        ",
    );
}

#[test]
fn rows_are_told_what_the_copy_does_to_them() {
    let changes = "
        alter table t drop column b; alter table t add column c text; alter table t alter column a type integer;
        alter table t alter column a set not null; create unique index ix on t (c);
    ";
    let (_, outcome) = rebuilt(TABLE, &block(changes, &[]));
    let steps = outcome.expect("the block stands").steps;
    let seen: Vec<String> =
        steps.iter().map(|step| format!("{step:?}").chars().take_while(char::is_ascii_alphabetic).collect()).collect();
    assert_eq!(seen, ["ColumnDropped", "ColumnAdded", "ColumnRetyped", "MustHold", "MustHold"]);
}
