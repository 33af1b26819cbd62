//! What is not certain: opaque statements, assumed tables, and refusals that rest on them.

use std::sync::Arc;

use super::{dedented, printed, run};
use crate::ddl::{apply, assume};
use crate::op::OpKind;
use crate::schema::{Catalog, Dialect, Name, QName};

fn opaque(touches: &[&str]) -> OpKind {
    OpKind::Opaque {
        what: Arc::from("DO $$ … $$"),
        why: Arc::from("its body is procedural"),
        touches: touches.iter().map(|name| QName::from(*name)).collect(),
        rows_only: false,
    }
}

#[track_caller]
fn check(touches: &[&str], script: &str, expected: &str) {
    let mut catalog = Catalog::empty(Dialect::PostgreSql);
    run(&mut catalog, "create table t (a int); create table u (a int);");
    assert!(apply(&mut catalog, &opaque(touches)).is_ok_and(|changed| !changed.doubts.is_empty()));
    assert_eq!(dedented(expected), run(&mut catalog, script).trim_end());
}

#[test]
fn refusals_about_what_was_touched_are_in_doubt() {
    let script = "
        drop table nope; alter table t drop column b; alter table u drop column b; alter table t add check (b > 0);
    ";
    check(
        &["t"],
        script,
        "
        ! table \"nope\" does not exist
        ! ? column \"b\" of relation \"t\" does not exist
        ! column \"b\" of relation \"u\" does not exist
        ! ? column \"b\" does not exist
        ",
    );
    check(
        &[],
        script,
        "
        ! ? table \"nope\" does not exist
        ! ? column \"b\" of relation \"t\" does not exist
        ! ? column \"b\" of relation \"u\" does not exist
        ! ? column \"b\" does not exist
        ",
    );
}

#[test]
fn an_assumed_table_has_what_is_asked_of_it() {
    let mut catalog = Catalog::empty(Dialect::PostgreSql);
    assume(&mut catalog, &"t".into(), &[Name::from("id")]);
    let script = "
        create table c (t_id int references t (id)); alter table t alter column a set not null;
        alter table t drop column b; alter table t drop constraint c; create index ix on t (d);
        alter table t add column e int;
    ";
    assert_eq!(run(&mut catalog, script), "");
    let expected = "
        table c
          t_id INTEGER
          foreign key c_t_id_fkey (t_id) to t (id)
        table t (assumed)
          id ?
          a ? not null
          d ?
          e INTEGER
          index ix (d)
    ";
    assert_eq!(dedented(expected), printed(&catalog).trim_end());
}

#[test]
fn assumptions_do_not_touch_what_is_known() {
    let mut catalog = Catalog::new(Dialect::Sqlite);
    run(&mut catalog, "create table t (a int);");
    let before = catalog.clone();
    assume(&mut catalog, &"t".into(), &[Name::from("b")]);
    assert_eq!(before, catalog);
}

#[test]
fn a_refused_operation_leaves_no_trace() {
    let mut catalog = Catalog::new(Dialect::PostgreSql);
    run(&mut catalog, "create table t (a int);");
    let before = catalog.clone();
    assert_ne!(run(&mut catalog, "create table u (id serial primary key, b int references t (a));"), "");
    assert_eq!(before, catalog);
}
