//! Catalogs compared.

use proptest::prelude::*;

use super::{dedented, last, run};
use crate::ddl::{Demand, RowStep, assume};
use crate::schema::{Catalog, Dialect, Name, diff};

const D: Dialect = Dialect::PostgreSql;

#[track_caller]
fn check(before: &str, after: &str, expected: &str) {
    let made = |script: &str| {
        let mut catalog = Catalog::new(D);
        assert_eq!(run(&mut catalog, script), "");
        catalog
    };
    let found = diff(&made(before), &made(after));
    let sentences: Vec<&str> = found.iter().map(|difference| &*difference.sentence).collect();
    assert_eq!(dedented(expected), sentences.join("\n"));
}

#[test]
fn order_is_no_difference() {
    check(
        "create table t (a int, b text, constraint u unique (a), constraint v unique (b));",
        "create table t (x int, b text, constraint v unique (b)); alter table t add column a int;
         alter table t drop column x; alter table t add constraint u unique (a);",
        "",
    );
}

#[test]
fn words_with_marks_around_them_are_moments() {
    for default in ["now()", "now", "today", "2020-01-01", "(now)", "-infinity"] {
        assert_eq!(
            run(&mut Catalog::new(D), &format!("create table t (a timestamp default '{default}')")),
            "",
            "{default}"
        );
    }
    for default in ["CURRENT_TIMESTAMP", "yesterday-ish", "12", ""] {
        let script = format!("create table t (a timestamp default '{default}')");
        assert_ne!(run(&mut Catalog::new(D), &script), "", "{default}");
    }
}

#[test]
fn the_default_schema_is_not_printed() {
    let mood = |default: &str| format!("create type mood as enum ('sad'); create table t (m mood default {default})");
    check(&mood("'sad'"), &mood("'sad'::public.mood"), "");
    check(&mood("'sad'"), &mood("'sad'::\"public\".\"mood\""), "");
}

#[test]
fn columns_are_compared_field_by_field() {
    check(
        "create table t (a varchar(64), b int not null, c int default 1, d int, e int)",
        "create table t (a varchar(120), b int, c int, d int, f int)",
        "
        column t.a is VARCHAR(120), was VARCHAR(64)
        column t.b is nullable, was NOT NULL
        column t.c has the default none, had 1
        column t.e is missing
        column t.f is left over
        ",
    );
}

#[test]
fn parts_of_one_name_are_changed_others_missing_or_left_over() {
    check(
        "create table p (id int primary key); create table t (a int references p on delete cascade, b int unique);
         create index ix on t (a); create index iy on t (b);",
        "create table p (id int primary key); create table t (a int references p, b int);
         create index ix on t (a, b); create index iz on t (b);",
        "
        unique constraint t_b_key (b) on t is missing
        foreign key t_a_fkey on t is now a to p.id, was a to p.id on delete cascade
        index ix on t is now a, b, was a
        index iy (b) on t is missing
        index iz (b) on t is left over
        ",
    );
}

#[test]
fn whole_objects_are_missing_or_left_over() {
    check(
        "create table t (a int); create type e as enum ('x'); create view v as select 1 as one;",
        "create table u (a serial); create type e as enum ('x', 'y');",
        "
        table t is missing
        table u is left over
        type e has the values x, y, had x
        sequence u_a_seq is left over
        view v is missing
        ",
    );
}

#[test]
fn what_was_taken_for_granted_is_no_difference() {
    let mut before = Catalog::new(D);
    assume(&mut before, &"t".into(), &[Name::from("a")]);
    let mut after = before.clone();
    run(&mut after, "alter table t alter column b set not null; alter table t alter column a type text;");
    assert_eq!(diff(&before, &after), []);
    run(&mut after, "alter table t add column c int;");
    assert_eq!(diff(&before, &after).len(), 1);
}

#[test]
fn rows_are_told_what_they_must_satisfy() {
    let steps = |script| last(D, script).expect("the script stands").steps;
    assert!(matches!(
        steps("create table t (a int); alter table t add unique (a);").as_slice(),
        [RowStep::MustHold { what: Demand::Unique(_), .. }]
    ));
    assert!(matches!(
        steps("create table t (a int); alter table t alter column a set not null;").as_slice(),
        [RowStep::MustHold { what: Demand::NotNull(_), .. }]
    ));
    assert!(steps("create table t (a int not null); alter table t alter column a set not null;").is_empty());
    assert!(steps("create table t (a int); alter table t add check (a > 0) not valid;").is_empty());
    assert!(matches!(
        steps("create table t (a int); alter table t alter column a type text;").as_slice(),
        [RowStep::ColumnRetyped { .. }]
    ));
}

/// A statement, one of many that may or may not stand.
fn statement() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["t", "u", "v"]);
    let column = prop::sample::select(vec!["a", "b", "c"]);
    let ty = prop::sample::select(vec!["int", "text", "serial", "varchar(5) default 'x'"]);
    (0..12_u8, name.clone(), column.clone(), name, column, ty).prop_map(|(kind, t, c, t2, c2, ty)| match kind {
        0 | 1 => format!("create table {t} ({c} {ty} primary key, x {ty} unique);"),
        2 => format!("drop table {t};"),
        3 => format!("drop table {t} cascade;"),
        4 => format!("alter table {t} add column {c} {ty};"),
        5 => format!("alter table {t} drop column {c};"),
        6 => format!("alter table {t} rename to {t2};"),
        7 => format!("alter table {t} rename column {c} to {c2};"),
        8 => format!("alter table {t} add foreign key ({c}) references {t2} ({c2});"),
        9 => format!("create index on {t} ({c}, x);"),
        10 => format!("alter table {t} add check ({c} > {c2});"),
        _ => format!(
            "alter table {t} alter column {c} type {};",
            ty.replace("serial", "bigint").replace(" default 'x'", "")
        ),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_catalog_does_not_differ_from_itself(
        script in prop::collection::vec(statement(), 1..30),
        dialect in prop::sample::select(vec![Dialect::PostgreSql, Dialect::Sqlite, Dialect::MySql]),
    ) {
        let mut catalog = Catalog::new(dialect);
        for statement in &script {
            run(&mut catalog, statement);
        }
        // The same script again gives an equal catalog that shares nothing with the first.
        let mut again = Catalog::new(dialect);
        for statement in &script {
            run(&mut again, statement);
        }
        prop_assert_eq!(diff(&catalog, &catalog), Vec::new());
        prop_assert_eq!(diff(&catalog, &again), Vec::new());
        // The registers are what they would be had the tables been put in afresh.
        let mut fresh = Catalog::empty(dialect);
        for table in catalog.tables.values() {
            fresh.put_table(table.clone());
        }
        for table in catalog.tables.keys() {
            prop_assert_eq!(catalog.referencing(table), fresh.referencing(table));
        }
    }
}

#[test]
fn a_view_keeps_the_columns_that_it_was_made_with() {
    let made = "create table t (a int, b int); create view v as select * from t; create view w as select a from t;";
    let check = |more: &str, again: &str, expected: &str| {
        let before = format!("{made} {more}");
        check(&before, &format!("{before} drop view v; drop view w; {again}"), expected);
    };
    let same = "create view v as select * from t; create view w as select a from t;";
    check("", same, "");
    check("alter table t add c int;", same, "view v has the columns a, b, c, had a, b");
    let renamed = "create view v as select * from t; create view w as select c from t;";
    let told = "
        view v has the columns c, b, had a, b
        view w has another definition
        ";
    check("alter table t rename a to c;", renamed, told);
}
