//! What SQLite does, and what it refuses to alter.

use super::check;
use crate::schema::Dialect;

const D: Dialect = Dialect::Sqlite;

#[test]
fn constraints_without_a_name_stay_without() {
    check(
        D,
        "
        create table t (id integer primary key, a text unique, b int references p (id), check (a <> ''));
        ",
        "
            table t
              id INTEGER
              a TEXT
              b INTEGER
              primary key - (id)
              unique - (a)
              foreign key - (b) to p (id)
              check -: a <> ''
        ",
    );
}

#[test]
fn columns_that_something_rests_on_are_not_dropped() {
    check(
        D,
        "
        create table t (
            id integer not null, a int, b int, c int, d int, e int, primary key (id), unique (a),
            foreign key (b) references p (id), check (c > 0)
        );
        create index ix on t (d);
        alter table t drop column id;
        alter table t drop column a;
        alter table t drop column b;
        alter table t drop column c;
        alter table t drop column d;
        alter table t drop column e;
        alter table t drop column nope;
        ",
        "
            ! cannot drop PRIMARY KEY column: \"id\"
            ! error in table t after drop column: no such column: a
            ! error in table t after drop column: unknown column \"b\" in foreign key definition
            ! error in table t after drop column: no such column: c
            ! error in index ix after drop column: no such column: d
            ! no such column: \"nope\"
            table t
              id INTEGER not null
              a INTEGER
              b INTEGER
              c INTEGER
              d INTEGER
              primary key - (id)
              unique - (a)
              foreign key - (b) to p (id)
              check -: c > 0
              index ix (d)
        ",
    );
}

#[test]
fn names_are_compared_without_case() {
    check(
        D,
        "
        create table Users (Id integer primary key);
        create table users (a int);
        alter table USERS add column ID int;
        create index IX on users (ID);
        create index ix on users (id);
        drop index Ix;
        drop table USERS;
        drop table users;
        ",
        "
            ! table users already exists
            ! duplicate column name: ID
            ! index ix already exists
            ! no such table: users
        ",
    );
}

#[test]
fn types_are_reflected_by_name_or_affinity() {
    check(
        D,
        "
        create table t (
            a tinyint, b double precision, c decimal(5, 2), d uuid, e clob, f varbinary(10), g timestamp, h datetime,
            i varchar(5), j boolean, k float, l json
        );
        ",
        "
            table t
              a INTEGER
              b DOUBLE
              c DECIMAL(5, 2)
              d NUMERIC
              e TEXT
              f NUMERIC(10)
              g TIMESTAMP
              h DATETIME
              i VARCHAR(5)
              j BOOLEAN
              k FLOAT
              l JSON
        ",
    );
}

#[test]
fn a_view_of_a_missing_table_stops_renames() {
    check(
        D,
        "
        create table t (a int);
        create view v as select a from nope;
        alter table t rename to u;
        drop view v;
        alter table t rename to u;
        ",
        "
            ! error in view v: no such table: main.nope
            table u
              a INTEGER
        ",
    );
}

#[test]
fn altering_needs_batch_mode() {
    check(
        D,
        "
        create table t (a int);
        alter table t add constraint c check (a > 0);
        alter table t drop constraint c;
        alter table t alter column a set not null;
        ",
        "
            ! No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.
            ! No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.
            ! near \"ALTER\": syntax error
            table t
              a INTEGER
        ",
    );
}

#[test]
fn keys_can_not_be_added_with_a_column() {
    check(
        D,
        "
        create table t (a int);
        alter table t add column b int unique;
        alter table t add column c int primary key;
        alter table t add column d int references nope (id);
        ",
        "
            ! Cannot add a UNIQUE column
            ! Cannot add a PRIMARY KEY column
            table t
              a INTEGER
              d INTEGER
              foreign key - (d) to nope (id)
        ",
    );
}
