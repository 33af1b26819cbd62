//! Chains that start from a database that no revision makes.

use super::{Dialect, Rows, check, files, verdicts};
use crate::analyse::analyse;
use crate::config::Config;

#[test]
fn a_chain_that_starts_from_a_database_of_its_own_assumes_its_tables() {
    check(
        "== a1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "a1 unknown: the upgrade is not fully known: it rests on table `users`, which no revision creates",
    );
    // It makes tables, but not all that it needs: what its downgrade makes was there before, too.
    let chain = "== a1
    op.create_table('notes', sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id')))
    op.create_table('roles', sa.Column('id', sa.Integer(), primary_key=True), schema='events')
-- downgrade
    op.drop_table('roles', schema='events')
    op.drop_table('notes')
== b1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
== c1
    op.drop_table('mails')
-- downgrade
    op.create_table('mails', sa.Column('id', sa.Integer(), primary_key=True))
== d1
    op.drop_column('notes', 'nothing')
-- downgrade
    pass
";
    let seen = verdicts(Dialect::PostgreSql, Rows::Seeded, chain);
    let starts = seen.lines().map(|line| line.split(": it rests").next().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(
        starts,
        [
            "a1 unknown: the upgrade is not fully known",
            "b1 reversible: schema and every value come back",
            "c1 unknown: the upgrade is not fully known",
            "d1 broken: the upgrade fails: column \"nothing\" of relation \"notes\" does not exist",
        ]
    );
}

#[test]
fn a_first_revision_that_misses_no_table_assumes_none() {
    let chain = |body: &str| {
        format!(
            "== a1\n    op.create_table('t', sa.Column('id', sa.Integer()))\n    {body}\n-- downgrade\n    op.drop_table('t')\n"
        )
    };
    let check = |body: &str, expected: &str| check(&chain(body), expected);
    check("op.drop_index('nothing')", "a1 broken: the upgrade fails: index \"nothing\" does not exist");
    check(
        "op.execute(\"ALTER TYPE mood ADD VALUE 'sad'\")",
        "a1 broken: the upgrade fails: type \"mood\" does not exist",
    );
}

#[test]
fn what_no_revision_makes_may_be_in_a_database_that_a_chain_starts_from() {
    let check = |body: &str, expected: &str| {
        let chain = format!("== a1\n    {body}\n-- downgrade\n    op.execute('SELECT 1')\n");
        let seen = verdicts(Dialect::PostgreSql, Rows::Seeded, &chain);
        assert!(seen.starts_with(expected), "{body}: {seen}");
    };
    let perhaps = "a1 unknown: the upgrade is not fully known: it may fail";
    check("op.drop_index('ix_users_email')", perhaps);
    check("op.execute(\"ALTER TYPE mood ADD VALUE 'sad'\")", perhaps);
    check("op.execute('DROP VIEW totals')", perhaps);
    check("op.execute('DROP SEQUENCE numbers')", perhaps);
    check("op.execute('ALTER TYPE mood RENAME TO old'); op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")", perhaps);
    // What is known has all its parts, and of a table that the chain makes all is known.
    let known = "op.execute('CREATE TABLE' + ' t (id int)')";
    let gone = "a1 broken: the upgrade fails";
    check(&format!("{known}; op.drop_index('ix', table_name='t')"), gone);
    check(&format!("{known}; op.drop_column('t', 'age')"), gone);
}

#[test]
fn a_type_that_may_have_been_there_is_not_left_over() {
    let body = |last: &str| {
        format!(
            "== a1\n    op.execute('ALTER TYPE mood RENAME TO old')\n    op.execute(\"CREATE TYPE {last} AS ENUM ('sad')\")\n\
             -- downgrade\n    op.add_column('users', sa.Column('age', sa.Integer()))\n"
        )
    };
    let found = |last: &str| {
        let report =
            analyse(&files(&body(last)), "", &Config { dialect: Some(Dialect::PostgreSql), ..Config::default() });
        let found: Vec<&str> = report.diagnostics().map(|finding| &*finding.rule).collect();
        found.join(" ")
    };
    assert_eq!(
        (&*found("mood"), &*found("other")),
        ("not-evaluated assumed-object", "not-evaluated leftover-enum assumed-object")
    );
}

#[test]
fn what_comes_back_in_other_words_is_not_known() {
    let because = |dialect, first: &str, again: &str| {
        let table = |condition: &str| {
            format!(
                "op.create_table('t', sa.Column('url', sa.String()), sa.CheckConstraint(\"{condition}\", name='c'))"
            )
        };
        let (first, again) = (table(first), table(again));
        let chain = format!(
            "== a0\n    {first}\n-- downgrade\n    op.drop_table('t')\n== a1\n    op.drop_table('t')\n-- downgrade\n    {again}\n"
        );
        let seen = verdicts(dialect, Rows::None, &chain);
        seen.lines().last().unwrap_or_default().to_owned()
    };
    let (written, printed) = ("url ~ '^https'", "url::text ~ '^https'::text");
    assert_eq!(
        because(Dialect::PostgreSql, written, printed),
        "a1 unknown: whether an expression of the schema comes back is not known: it is written in other words"
    );
    assert!(because(Dialect::PostgreSql, written, "url ~ '^http'").starts_with("a1 broken"));
    assert!(because(Dialect::Sqlite, "url <> ''", "url != ''").starts_with("a1 broken"));
    // What differs besides is certain.
    let and_more = format!("{printed}\", name='c'), sa.CheckConstraint(\"url <> 'x'");
    assert!(because(Dialect::PostgreSql, written, &and_more).starts_with("a1 broken"));
}

#[test]
fn what_an_assumed_table_may_have_had_is_not_left_over() {
    let verdict = |up: &str, down: &str| {
        let first = "== a0\n    op.add_column('users', sa.Column('first', sa.Integer()))\n-- downgrade\n    op.drop_column('users', 'first')\n";
        let chain = format!("{first}== a1\n    {up}\n-- downgrade\n    {down}\n");
        let seen = verdicts(Dialect::PostgreSql, Rows::Seeded, &chain);
        seen.lines().last().unwrap_or_default().to_owned()
    };
    let drop = "op.drop_column('users', 'age')";
    let add = "op.add_column('users', sa.Column('age', sa.Integer()))";
    let not_known = "a1 unknown: whether the schema comes back is not known: it changes what is assumed or in doubt";
    assert_eq!(verdict(drop, add), not_known);
    assert_eq!(verdict("op.drop_table('users')", "op.create_table('users', sa.Column('id', sa.Integer()))"), not_known);
    // What the upgrade made is.
    let left = "a1 broken: the downgrade does not restore the schema: column users.age is left over";
    assert_eq!(
        verdict(add, "op.drop_column('users', 'first'); op.add_column('users', sa.Column('first', sa.Integer()))"),
        left
    );
}
