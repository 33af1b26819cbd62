//! Verdicts of small chains, end to end through evaluator, catalog and rows.
//!
//! A chain is written as one text: `== id [<- parent …]` starts a revision, `-- downgrade` its way back. Without that
//! line there is no `downgrade()`.

mod databases;
mod open_world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Means, replay_chains};
use crate::config::{Config, Rows};
use crate::replay::Verdict;
use crate::schema::Dialect;

fn files(chain: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut previous: Option<String> = None;
    for (number, block) in chain.split("== ").skip(1).enumerate() {
        let (head, body) = block.split_once('\n').unwrap();
        let (id, parents) = match head.split_once("<-") {
            Some((id, parents)) => (id.trim(), parents.split_whitespace().map(str::to_owned).collect()),
            None => (head.trim(), previous.iter().cloned().collect::<Vec<_>>()),
        };
        let quoted: Vec<String> = parents.iter().map(|p| format!("'{p}'")).collect();
        let down = match quoted.as_slice() {
            [] => "None".to_owned(),
            [one] => one.clone(),
            many => format!("({})", many.join(", ")),
        };
        let (up, back) = match body.split_once("-- downgrade\n") {
            Some((up, back)) => (up, Some(back)),
            None => (body, None),
        };
        let mut text = format!(
            "\"\"\"{id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\ndown_revision = {down}\n"
        );
        for (name, body) in [("upgrade", Some(up)), ("downgrade", back)] {
            let Some(body) = body else { continue };
            let body = if body.trim().is_empty() { "    pass\n".to_owned() } else { body.to_owned() };
            write!(text, "\n\ndef {name}():\n{body}").unwrap();
        }
        files.insert(format!("versions/{number:03}_{id}.py"), text);
        previous = Some(id.to_owned());
    }
    files
}

fn verdicts(dialect: Dialect, rows: Rows, chain: &str) -> String {
    verdicts_with(&Config { dialect: Some(dialect), rows, ..Config::default() }, chain)
}

fn verdicts_with(config: &Config, chain: &str) -> String {
    let (chains, _) = replay_chains(&files(chain), "", config, &mut Means::plain(&mut |_| {}));
    let mut lines = String::new();
    for chain in chains.iter().flat_map(|(databases, _)| databases) {
        for seen in &chain.trace.revisions {
            let name = chain.history.name(seen.revision);
            let verdict = format!("{:?}", seen.verdict).to_lowercase();
            writeln!(lines, "{name} {verdict}: {}", seen.because).unwrap();
            for run in [&seen.upgrade, &seen.downgrade] {
                for finding in &run.seed_findings {
                    writeln!(lines, "  rows refuse: {}", finding.failure.message).unwrap();
                }
            }
        }
        for merge in &chain.trace.merges {
            writeln!(lines, "merge {}: commutes {:?}", chain.history.name(merge.revision), merge.commutes).unwrap();
        }
    }
    lines
}

/// On PostgreSQL, with seeded rows.
#[track_caller]
fn check(chain: &str, expected: &str) {
    check_on(Dialect::PostgreSql, chain, expected);
}

#[track_caller]
fn check_on(dialect: Dialect, chain: &str, expected: &str) {
    let seen = verdicts(dialect, Rows::Seeded, chain);
    assert_eq!(seen.trim(), expected.trim(), "\n{seen}");
}

const USERS: &str = "== a1
    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(64)))
-- downgrade
    op.drop_table('users')
";

#[track_caller]
fn check_after_users(rest: &str, expected: &str) {
    check(&format!("{USERS}{rest}"), &format!("a1 reversible: schema and every value come back\n{}", expected.trim()));
}

#[test]
fn a_table_made_and_dropped_is_reversible() {
    check(USERS, "a1 reversible: schema and every value come back");
}

#[test]
fn a_column_added_and_dropped_is_reversible() {
    check_after_users(
        "== b1
    op.add_column('users', sa.Column('age', sa.Integer(), nullable=True))
-- downgrade
    op.drop_column('users', 'age')
",
        "b1 reversible: schema and every value come back",
    );
}

#[test]
fn a_dropped_column_comes_back_without_its_values() {
    check_after_users(
        "== b1
    op.drop_column('users', 'email')
-- downgrade
    op.add_column('users', sa.Column('email', sa.String(64)))
",
        "b1 lossy: the schema comes back, but not the values: 2 values of `users`.`email`",
    );
}

#[test]
fn an_empty_downgrade_is_no_way_back() {
    check_after_users(
        "== b1
    op.add_column('users', sa.Column('age', sa.Integer(), nullable=True))
-- downgrade
",
        "b1 irreversible: the downgrade is empty, but the upgrade changes something",
    );
}

#[test]
fn a_missing_downgrade_is_no_way_back() {
    check_after_users(
        "== b1
    op.drop_column('users', 'email')
",
        "b1 irreversible: there is no downgrade",
    );
}

#[test]
fn a_refusal_is_no_way_back_and_no_crash() {
    check_after_users(
        "== b1
    op.drop_column('users', 'email')
-- downgrade
    raise NotImplementedError('one way only')
",
        "b1 irreversible: the downgrade refuses: one way only",
    );
}

#[test]
fn a_column_that_comes_back_with_another_type_is_broken() {
    check_after_users(
        "== b1
    op.drop_column('users', 'email')
-- downgrade
    op.add_column('users', sa.Column('email', sa.String(120)))
",
        "b1 broken: the downgrade does not restore the schema: \
         column users.email is VARCHAR(120), was VARCHAR(64)",
    );
}

#[test]
fn a_failing_downgrade_is_broken() {
    check_after_users(
        "== b1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'agee')
",
        "b1 broken: the downgrade fails: column \"agee\" of relation \"users\" does not exist",
    );
}

#[test]
fn an_enum_type_that_stays_behind_stops_the_second_upgrade() {
    check(
        "== a1
    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('m', sa.Enum('x', 'y', name='mood')))
-- downgrade
    op.drop_table('t')
",
        "a1 broken: the downgrade does not restore the schema: type mood is left over",
    );
}

#[test]
fn rows_that_a_change_refuses_are_a_counterexample_not_a_verdict() {
    check_after_users(
        "== b1
    op.add_column('users', sa.Column('age', sa.Integer(), nullable=False))
-- downgrade
    op.drop_column('users', 'age')
== c1
    op.create_unique_constraint('uq_email', 'users', ['email'])
-- downgrade
    op.drop_constraint('uq_email', 'users', type_='unique')
",
        "b1 reversible: schema and every value come back
  rows refuse: column \"age\" of relation \"users\" contains null values
c1 reversible: schema and every value come back
  rows refuse: could not create unique index \"uq_email\": key (email)=(a sample text, made up to be as long as the \
         column allows; sampl) is duplicated",
    );
}

#[test]
fn what_is_not_evaluated_is_unknown_never_a_pass() {
    check_after_users(
        "== b1
    import os
    if os.environ.get('LEGACY'):
        op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    pass
",
        "b1 irreversible: the downgrade is empty, but the upgrade changes something",
    );
    check_after_users(
        "== b1
    import os
    if os.environ.get('LEGACY'):
        op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "b1 unknown: the upgrade is not fully known: whether this is reached can't be decided: the environment variable LEGACY is not declared",
    );
}

#[test]
fn what_scripts_write_stays_without_made_up_rows() {
    // The row of `t` gets its user from a made-up one, and goes on without when it turns out that these don't fit.
    check_after_users(
        "== b1
    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True),
                    sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id')))
    op.execute('INSERT INTO t (id) VALUES (1000)')
    op.execute('UPDATE t SET user_id = (SELECT min(id) FROM users) WHERE id = 1000')
-- downgrade
    op.drop_table('t')
== c1
    for row in op.get_bind().execute(sa.text('SELECT email FROM users')):
        int(row.email)
-- downgrade
    op.execute('DELETE FROM users WHERE id < 0')
== d1
    op.create_table('u', sa.Column('t_id', sa.Integer(), sa.ForeignKey('t.id')))
    op.execute('INSERT INTO u (t_id) VALUES (1000)')
-- downgrade
    op.drop_table('u')
",
        "b1 reversible: schema and every value come back
c1 unknown: the upgrade is not fully known: it goes through without rows, but not on made-up ones: ValueError: \
         invalid literal for int() with base 10: 'a sample text, made up to be as long as the column allows; sampl'
d1 reversible: schema and every value come back",
    );
}

#[test]
fn sqlite_may_be_told_to_rename_a_table_alone() {
    let chain = |pragma: &str| {
        format!(
            "== a1
    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    op.create_table('notes', sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id')))
    op.execute('CREATE VIEW all_users AS SELECT id FROM users')
-- downgrade
    op.execute('DROP VIEW all_users')
    op.drop_table('notes')
    op.drop_table('users')
== b2
    pass
-- downgrade
    op.execute('{pragma}')
    op.rename_table('users', 'users_tmp')
    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    op.drop_table('users_tmp')
"
        )
    };
    let verdict = |pragma: &str| {
        let seen = verdicts(Dialect::Sqlite, Rows::None, &chain(pragma));
        seen.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(verdict("PRAGMA legacy_alter_table=ON"), "b2 reversible: schema and every value come back");
    let broken = "b2 broken: the downgrade does not restore the schema: ";
    assert!(verdict("PRAGMA legacy_alter_table = 0").starts_with(broken));
    assert!(verdict("SELECT 1").starts_with(broken));
}

#[test]
fn what_changes_nothing_may_be_reached_or_not() {
    check_after_users(
        "== b1
    import os
    if 'STAGE' in os.environ:
        op.execute(\"UPDATE users SET email = 'x' WHERE id = 77\")
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
== c1
    import os
    if 'STAGE' in os.environ:
        op.execute(\"UPDATE users SET email = NULL\")
-- downgrade
    pass
",
        "b1 reversible: schema and every value come back
c1 irreversible: the downgrade is empty, but the upgrade changes something",
    );
}

#[test]
fn what_needs_to_be_outside_of_a_transaction() {
    let check = |env: &str, up: &str, expected: &str| {
        let mut files = files(&format!(
            "== a1\n    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))\n-- downgrade\n    \
             op.drop_table('t')\n== b1\n{up}\n-- downgrade\n    op.drop_index('ix', 't')\n"
        ));
        files.insert("env.py".to_owned(), env.to_owned());
        let config = Config { dialect: Some(Dialect::PostgreSql), ..Config::default() };
        let (chains, _) = replay_chains(&files, "", &config, &mut Means::plain(&mut |_| {}));
        let seen = chains.iter().flat_map(|(databases, _)| databases).flat_map(|chain| &chain.trace.revisions);
        let last = seen.last().map(|seen| format!("{:?}: {}", seen.verdict, seen.because));
        assert_eq!(last.as_deref(), Some(expected), "{up}");
    };
    let create = "    op.create_index('ix', 't', ['id'], postgresql_concurrently=True)";
    let fails = "Broken: the upgrade fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block";
    let works = "Reversible: schema and every value come back";
    check("", create, fails);
    check("", "    op.execute('CREATE INDEX CONCURRENTLY ix ON t (id)')", fails);
    check("", "    op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix')", &fails.replace("CREATE", "DROP"));
    check("", "    op.create_index('ix', 't', ['id'])", works);
    check("", &format!("    with op.get_context().autocommit_block():\n    {create}"), works);
    // The driver begins no other transaction when a script ends the one that it began.
    check("", &format!("    op.execute('COMMIT')\n{create}"), works);
    check("", &format!("    op.execute('COMMIT')\n    op.execute('BEGIN')\n{create}"), fails);
    check("", &format!("    op.get_bind().execution_options(isolation_level='AUTOCOMMIT')\n{create}"), works);
    check("engine = create_engine(url, isolation_level='AUTOCOMMIT')\n", create, works);
}

#[test]
fn after_a_failed_upgrade_the_walk_goes_on_as_if_what_failed_had_been_left_out() {
    check_after_users(
        "== b1
    op.add_column('users', sa.Column('age', sa.Integer()))
    op.drop_table('nowhere')
    op.create_index('ix', 'users', ['email'], postgresql_concurrently=True)
    op.add_column('users', sa.Column('size', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
== c1
    op.alter_column('users', 'size', new_column_name='length')
    op.drop_index('ix')
-- downgrade
    op.create_index('ix', 'users', ['email'])
    op.alter_column('users', 'length', new_column_name='size')
== d1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "b1 broken: the upgrade fails: table \"nowhere\" does not exist
c1 reversible: schema and every value come back
d1 broken: the upgrade fails: column \"age\" of relation \"users\" already exists",
    );
}

#[test]
fn a_caught_error_spoils_the_transaction_but_not_a_savepoint() {
    check_after_users(
        "== b1
    try:
        op.drop_table('nowhere')
    except Exception:
        pass
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
== c1
    bind = op.get_bind()
    try:
        with bind.begin_nested():
            op.drop_table('nowhere')
    except Exception:
        pass
    op.add_column('users', sa.Column('size', sa.Integer()))
-- downgrade
    op.drop_column('users', 'size')
",
        "b1 broken: the upgrade fails: current transaction is aborted, commands ignored until end of transaction block \
         (after: table \"nowhere\" does not exist)
c1 reversible: schema and every value come back",
    );
}

#[test]
fn branches_that_commute_and_branches_that_do_not() {
    let base = "== a1\n    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('x', sa.Integer()))\n\
                -- downgrade\n    op.drop_table('t')\n";
    let add = |id: &str, column: &str| {
        format!(
            "== {id} <- a1\n    op.add_column('t', sa.Column('{column}', sa.Integer()))\n-- downgrade\n    op.drop_column('t', '{column}')\n"
        )
    };
    let merge = "== m1 <- b1 c1\n-- downgrade\n";
    let chain = format!("{base}{}{}{merge}", add("b1", "p"), add("c1", "q"));
    assert!(verdicts(Dialect::PostgreSql, Rows::Seeded, &chain).contains("merge m1: commutes Some(true)"));
    let retype = "== b1 <- a1\n    op.alter_column('t', 'x', type_=sa.BigInteger())\n-- downgrade\n    pass\n\
                  == c1 <- a1\n    op.alter_column('t', 'x', type_=sa.SmallInteger())\n-- downgrade\n    pass\n";
    let chain = format!("{base}{retype}{merge}");
    assert!(verdicts(Dialect::PostgreSql, Rows::Seeded, &chain).contains("merge m1: commutes Some(false)"));
}

#[test]
fn names_by_a_convention_that_is_not_known_are_no_failure() {
    let chain = "== a1
    op.create_table('users', sa.Column('id', sa.Integer()), sa.UniqueConstraint('id'))
-- downgrade
    op.drop_table('users')
== b1
    op.drop_constraint('unique_users', 'users')
-- downgrade
    op.create_unique_constraint(None, 'users', ['id'])
";
    let config = Config { dialect: Some(Dialect::PostgreSql), ..Config::default() };
    let mut files = files(chain);
    let b1 = |files: &BTreeMap<String, String>| {
        let (chains, _) = replay_chains(files, "", &config, &mut Means::plain(&mut |_| {}));
        chains[0].0[0].trace.revisions[1].because.clone()
    };
    assert!(b1(&files).starts_with("the upgrade fails: constraint \"unique_users\""), "{}", b1(&files));
    files.insert("models.py".into(), "metadata = MetaData(naming_convention=names())\n".into());
    assert!(b1(&files).contains("the naming convention of the project's metadata can't be read"), "{}", b1(&files));
}

#[test]
fn sqlite_keeps_what_was_done_before_a_failure() {
    check_on(
        Dialect::Sqlite,
        &format!(
            "{USERS}== b1
    op.add_column('users', sa.Column('age', sa.Integer()))
    op.drop_table('nowhere')
-- downgrade
    op.drop_column('users', 'age')
== c1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
"
        ),
        "a1 reversible: schema and every value come back
b1 broken: the upgrade fails: no such table: nowhere
c1 broken: the upgrade fails: duplicate column name: age",
    );
}

#[test]
fn unknown_pieces_of_a_statement_about_rows_leave_the_schema_alone() {
    check_after_users(
        "== b1
    import os
    op.execute(f\"UPDATE users SET email = '{os.environ['DOMAIN']}'\")
    op.execute('UPDATE ' + os.environ['TABLE'] + ' SET email = NULL')
    op.get_bind().exec_driver_sql(f\"UPDATE users SET {os.environ['COLUMN']} = 1\", os.environ)
-- downgrade
== c1
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "b1 irreversible: the downgrade is empty, but the upgrade changes something
c1 reversible: schema and every value come back",
    );
}

#[test]
fn random_identifiers_and_the_clock_are_values_but_decide_nothing() {
    check_after_users(
        "== b1
    import uuid
    from datetime import datetime
    op.create_table('t', sa.Column('id', sa.String(36), primary_key=True), sa.Column('at', sa.DateTime()))
    op.execute(f\"INSERT INTO t VALUES ('{uuid.uuid4()}', '{datetime.utcnow()}'), ('{uuid.uuid4()}', NULL)\")
-- downgrade
    op.drop_table('t')
== c1
    from datetime import datetime
    if datetime.now() > datetime(2020, 1, 1):
        op.drop_table('t')
-- downgrade
    pass
",
        "b1 reversible: schema and every value come back
c1 irreversible: the downgrade is empty, but the upgrade changes something",
    );
}

#[test]
fn an_exception_that_only_made_up_values_cause_is_no_failure_and_no_pass() {
    check_after_users(
        "== b1
    import json
    for row in op.get_bind().execute(sa.text('SELECT email FROM users')):
        json.loads(row.email)
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "b1 unknown: the upgrade is not fully known: it goes through without rows, but not on made-up ones: \
         json.JSONDecodeError: expected value at line 1 column 1",
    );
}

#[test]
fn a_loop_that_never_ends_is_stopped_and_unknown() {
    check(
        "== a1
    pending = [1]
    for item in pending:
        pending.append(item)
    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))
-- downgrade
    op.drop_table('t')
",
        "a1 unknown: the upgrade is not fully known: \
         it takes more steps to evaluate than the limit allows; it may never end",
    );
}

#[test]
fn rows_that_scripts_made_of_made_up_ones_are_no_failure_of_theirs() {
    check_after_users(
        "== b2
    op.create_table('mails', sa.Column('email', sa.String()), sa.Column('kind', sa.Integer))
    op.execute('INSERT INTO mails SELECT email, 1 FROM users')
    op.add_column('users', sa.Column('copy', sa.String()))
    op.execute('UPDATE users SET copy = email')
-- downgrade
    op.drop_column('users', 'copy')
    op.drop_table('mails')
== c3
    op.create_unique_constraint('uq', 'mails', ['email'])
    op.alter_column('users', 'copy', nullable=False)
-- downgrade
    op.alter_column('users', 'copy', nullable=True)
    op.drop_constraint('uq', 'mails')
== d4
    op.alter_column('users', 'copy', nullable=True)
    op.execute('UPDATE users SET copy = NULL')
-- downgrade
    op.alter_column('users', 'copy', nullable=False)
",
        "b2 reversible: schema and every value come back
c3 reversible: schema and every value come back
  rows refuse: could not create unique index \"uq\": key (email)=(a sample text, made up to be as long as the column allows; sampl) is duplicated
  rows refuse: column \"copy\" of relation \"users\" contains null values
d4 broken: the downgrade fails: column \"copy\" of relation \"users\" contains null values",
    );
}

#[test]
fn what_comes_after_a_step_that_may_fail_stands_on_its_success() {
    check_after_users(
        "== b2
    import os
    if 'STAGE' in os.environ:
        op.execute(\"UPDATE users SET email = 'none' WHERE email IS NULL\")
    op.alter_column('users', 'email', nullable=False)
-- downgrade
    op.alter_column('users', 'email', nullable=True)
== c3
    op.add_column('users', sa.Column('age', sa.Integer()))
-- downgrade
    op.drop_column('users', 'age')
",
        "b2 unknown: the upgrade is not fully known: whether this is reached can't be decided: the environment variable STAGE is not declared (and 1 more)
c3 reversible: schema and every value come back",
    );
}

#[test]
fn a_history_that_comes_back_keeps_one_state_per_operation() {
    const LENGTH: usize = 12;
    let mut text = String::new();
    for n in 0..LENGTH {
        writeln!(text, "== r{n}\n    op.create_table('t{n}', sa.Column('id', sa.Integer()))").unwrap();
        writeln!(text, "-- downgrade\n    op.drop_table('t{n}')").unwrap();
    }
    let config = Config { rows: Rows::None, ..Config::default() };
    let (chains, _) = replay_chains(&files(&text), "", &config, &mut Means::plain(&mut |_| {}));
    let mut states = BTreeSet::new();
    for seen in chains.iter().flat_map(|(databases, _)| databases).flat_map(|chain| &chain.trace.revisions) {
        assert_eq!(seen.verdict, Verdict::Reversible);
        states.insert(Arc::as_ptr(&seen.before));
        for run in [&seen.upgrade, &seen.downgrade, &seen.again] {
            assert_eq!(run.operations, 1);
            states.extend(run.steps.iter().map(|step| &step.before).chain(&run.after).map(Arc::as_ptr));
        }
    }
    assert_eq!(states.len(), LENGTH + 1);
}

#[test]
fn rows_made_of_made_up_ones_of_a_dump_are_no_failure_either() {
    let baseline = Some("CREATE TABLE users (id integer PRIMARY KEY, email varchar);".into());
    let config = Config { dialect: Some(Dialect::PostgreSql), rows: Rows::Seeded, baseline, ..Config::default() };
    let seen = verdicts_with(
        &config,
        "== a1
    op.create_table('mails', sa.Column('email', sa.String()))
    op.execute('INSERT INTO mails SELECT email FROM users')
-- downgrade
    op.drop_table('mails')
== b2
    op.create_unique_constraint('uq', 'mails', ['email'])
-- downgrade
    op.drop_constraint('uq', 'mails')
",
    );
    assert!(seen.contains("b2 reversible") && seen.contains("  rows refuse: could not create unique index"), "{seen}");
}

#[test]
fn a_second_upgrade_is_done_again_where_only_a_setting_of_the_database_differs() {
    // The downgrade brings back schema and rows, but what the upgrade asks for is answered otherwise afterwards.
    check_on(
        Dialect::Sqlite,
        "== a1
    if op.get_bind().execute(sa.text('PRAGMA foreign_keys')).scalar():
        raise RuntimeError('foreign keys are on')
-- downgrade
    op.execute('PRAGMA foreign_keys = ON')
",
        "a1 unknown: the second upgrade is not fully known: whether foreign keys are on depends on the transaction that a \
         PRAGMA is in (and 1 more)",
    );
}

#[test]
fn a_check_that_is_perhaps_gone_leaves_its_table_alone() {
    check_after_users(
        "== b2
    op.create_check_constraint('some', 'users', \"email <> ''\")
-- downgrade
    op.drop_constraint('some', 'users')
== c3
    import os
    if 'STAGE' in os.environ:
        op.drop_constraint('some', 'users')
        op.create_index('ix', 'users', ['email'])
-- downgrade
    pass
== d4
    op.add_column('users', sa.Column('age', sa.Integer()))
    op.create_check_constraint('other', 'users', 'age > 0')
-- downgrade
    op.drop_constraint('other', 'users')
    op.execute('ALTER TABLE users DROP COLUMN IF EXISTS age')
== e5
    op.execute('CREATE INDEX IF NOT EXISTS ix ON users (email)')
-- downgrade
    op.add_column('users', sa.Column('size', sa.Integer()))
    op.drop_column('users', 'size')
== f6
    op.alter_column('users', 'email', type_=sa.Text())
-- downgrade
    op.alter_column('users', 'email', type_=sa.String())
== g7
    op.execute(\"UPDATE users SET email = 'x'\")
-- downgrade
    op.execute('UPDATE users SET email = NULL')
== h8
    op.execute('DROP INDEX IF EXISTS ix')
-- downgrade
    op.create_index('ix', 'users', ['email'])
== i9
    op.drop_constraint('some', 'users')
-- downgrade
    op.create_check_constraint('some', 'users', \"email <> ''\")
",
        "b2 reversible: schema and every value come back
c3 irreversible: the downgrade is empty, but the upgrade changes something
d4 reversible: schema and every value come back
e5 unknown: whether the schema comes back is not known: it changes what is assumed or in doubt
f6 unknown: the upgrade is not fully known: `users` may not be as it seems: the environment variable STAGE is not declared
g7 unknown: the upgrade is not fully known: `users` may not be as it seems: the environment variable STAGE is not declared
h8 unknown: whether the schema comes back is not known: it changes what is assumed or in doubt
i9 unknown: the upgrade is not fully known: `users.some` may not be as it seems: the environment variable STAGE is not declared (and 1 more)",
    );
}

#[test]
fn class_methods_and_static_methods_of_mapped_classes_are_called_as_such() {
    check_after_users(
        "== b1
    from sqlalchemy import orm
    from sqlalchemy.orm import declarative_base
    class User(declarative_base()):
        __tablename__ = 'users'
        id = sa.Column(sa.Integer, primary_key=True)
        email = sa.Column(sa.String)
        @classmethod
        def all(cls, session):
            return session.query(cls).order_by(cls.id).all()
        @staticmethod
        def shout(text):
            return text and text.upper()
    session = orm.Session(bind=op.get_bind())
    assert User.shout('a') in ['A']
    for user in User.all(session):
        assert len(user.all(session)) in [len(type(user).all(session))]
        user.email = user.shout(user.email)
    session.commit()
-- downgrade
    pass
",
        "b1 irreversible: the downgrade is empty, but the upgrade changes something",
    );
}

#[test]
fn a_value_of_the_clock_is_stored_without_being_known() {
    check_after_users(
        "== b2
    import datetime
    op.create_table('years', sa.Column('id', sa.Integer()), sa.Column('year', sa.Integer()))
    op.execute('INSERT INTO years SELECT id, {} FROM users'.format(datetime.date.today().year))
-- downgrade
    op.drop_table('years')
== c3
    op.create_unique_constraint('uq', 'years', ['id', 'year'])
-- downgrade
    op.drop_constraint('uq', 'years')
== d4
    op.execute('DELETE FROM years WHERE year = 2020')
-- downgrade
    pass
",
        "b2 reversible: schema and every value come back
c3 reversible: schema and every value come back
d4 irreversible: the downgrade is empty, but the upgrade changes something",
    );
}

#[test]
fn a_script_may_change_what_is_not_evaluated() {
    let unknown = |body: &str| {
        let chain = format!(
            "== a1\n{body}    op.create_table('t', sa.Column('id', sa.Integer()))\n-- downgrade\n    op.drop_table('t')\n"
        );
        let seen = verdicts(Dialect::PostgreSql, Rows::Seeded, &chain);
        assert!(seen.starts_with("a1 unknown"), "{body}: {seen}");
    };
    // SQLAlchemy puts the table in when the event fires, so this is no error where it stands.
    unknown("    op.execute(sa.DDL('COMMENT ON TABLE %(table)s IS 1'))\n");
    unknown("    from flask import current_app\n    current_app.config['A'] = 1\n");
    unknown(
        "    from flask_sqlalchemy import SQLAlchemy\n    class Own(SQLAlchemy):\n        pass\n    Own(a=1).engine.dispose()\n",
    );
}

#[test]
fn a_top_level_that_may_raise_names_its_revision() {
    let chain = "== a1
    op.create_table('t', sa.Column('id', sa.Integer()))
-- downgrade
    op.drop_table('t')
";
    let mut files = files(chain);
    for text in files.values_mut() {
        *text = text.replacen(
            "\nrevision",
            "\nimport strange\nif strange.mode:\n    raise ValueError('mode')\nrevision",
            1,
        );
    }
    let report = super::analyse(&files, "", &Config::default());
    let seen: Vec<_> = report.chains.iter().flat_map(|chain| &chain.revisions).map(|seen| &*seen.because).collect();
    assert_eq!(seen, ["the upgrade is not fully known: it may end with ValueError: mode"]);
}
