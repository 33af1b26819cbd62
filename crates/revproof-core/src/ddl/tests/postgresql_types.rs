//! PostgreSQL types: enums, casts, defaults, extensions.

use super::check;
use crate::schema::Dialect;

const D: Dialect = Dialect::PostgreSql;

#[test]
fn an_enum_outlives_its_tables() {
    check(
        D,
        "
        create type mood as enum ('sad', 'happy');
        create table t (m mood not null default 'sad');
        drop type mood;
        drop table t;
        create type mood as enum ('sad');
        drop type mood;
        drop type mood;
        drop type if exists mood;
        ",
        "
            ! cannot drop type mood because other objects depend on it: column m of table t
            ! type \"mood\" already exists
            ! type \"mood\" does not exist
        ",
    );
}

#[test]
fn enum_values_are_added_and_renamed() {
    check(
        D,
        "
        create type mood as enum ('sad', 'happy');
        create table t (m mood default 'sad', ms mood[]);
        alter type mood add value 'ok' before 'happy';
        alter type mood add value 'ok';
        alter type mood add value if not exists 'ok';
        alter type mood add value 'best' after 'nope';
        alter type mood rename value 'sad' to 'low';
        alter type mood rename value 'sad' to 'low';
        alter type mood rename to feeling;
        alter table t alter column m set default 'sad';
        ",
        "
            ! enum label \"ok\" already exists
            ! \"nope\" is not an existing enum label
            ! \"sad\" is not an existing enum label
            ! invalid input value for enum feeling: \"sad\"
            table t
              m feeling = 'low'::feeling
              ms feeling[]
            type feeling: low, ok, happy
        ",
    );
}

#[test]
fn types_that_do_not_exist_are_refused() {
    check(
        D,
        "
        create table t (a mood);
        create table t (a citext);
        create extension citext;
        create table t (a citext);
        drop extension citext;
        alter table t add column b datetime;
        ",
        "
            ! type \"mood\" does not exist
            ! type \"citext\" does not exist
            ! cannot drop extension citext because other objects depend on it: column a of table t
            ! type \"datetime\" does not exist
            table t
              a CITEXT
            Extension citext
        ",
    );
}

#[test]
fn a_change_of_type_needs_an_assignment_cast() {
    check(
        D,
        "
        create type st as enum ('a');
        create table t (a text, b int default 0, c varchar default 'a', d boolean default true);
        alter table t alter column a type int;
        alter table t alter column a type int using a::int;
        alter table t alter column b type text;
        alter table t alter column c type st using c::st;
        alter table t alter column c drop default;
        alter table t alter column c type st using c::st;
        alter table t alter column d type int using d::int;
        ",
        "
            ! column \"a\" cannot be cast automatically to type integer
            ! default for column \"c\" cannot be cast automatically to type st
            ! default for column \"d\" cannot be cast automatically to type integer
            table t
              a INTEGER
              b TEXT = 0
              c st
              d BOOLEAN = true
            type st: a
        ",
    );
}

#[test]
fn defaults_are_printed_as_the_server_prints_them() {
    check(
        D,
        "
        create table t (
            a varchar default 'x', b text default 'x'::text, c int default '5', d bigint default '5', e boolean default '0',
            f timestamp default '2020-01-01', g jsonb default '{}', h int default -1, i numeric default '1.5',
            j timestamp default (now() at time zone 'utc'), k varchar(5) default null, l text default null,
            m double precision default '0.0', n text[] default '{}', o interval default '1 day',
            p timestamptz default now() + interval '1 day'
        );
        ",
        "
            table t
              a VARCHAR = 'x'::character varying
              b TEXT = 'x'::text
              c INTEGER = 5
              d BIGINT = '5'::bigint
              e BOOLEAN = false
              f TIMESTAMP WITHOUT TIME ZONE = '2020-01-01 00:00:00'::timestamp without time zone
              g JSONB = '{}'::jsonb
              h INTEGER = '-1'::integer
              i NUMERIC = 1.5
              j TIMESTAMP WITHOUT TIME ZONE = (now() AT TIME ZONE 'utc'::text)
              k VARCHAR(5) = NULL::character varying
              l TEXT
              m DOUBLE PRECISION = '0'::double precision
              n TEXT[] = '{}'::text[]
              o INTERVAL = '1 day'::interval
              p TIMESTAMP WITH TIME ZONE = (now() + '1 day'::interval)
        ",
    );
}

#[test]
fn defaults_that_the_type_refuses() {
    check(
        D,
        "
        create table t (a boolean default 0);
        create table t (a int default 'x');
        create table t (a jsonb default '{');
        create table t (a date default 5);
        create table t (a uuid default 'x');
        ",
        "
            ! column \"a\" is of type boolean but default expression is of type integer
            ! invalid input syntax for type integer: \"x\"
            ! invalid input syntax for type json: \"{\"
            ! column \"a\" is of type date but default expression is of type integer
            ! invalid input syntax for type uuid: \"x\"
        ",
    );
}

#[test]
fn types_are_known_by_their_reflected_names() {
    check(
        D,
        "
        create table t (
            a decimal(8, 3), b float, c float(10), d char, e timestamptz, f time, g timestamp(3), h varchar(5)[], i bit,
            j numeric(10), k double precision, l int2, n inet, o interval(3)
        );
        ",
        "
            table t
              a NUMERIC(8, 3)
              b DOUBLE PRECISION
              c REAL
              d CHAR(1)
              e TIMESTAMP WITH TIME ZONE
              f TIME WITHOUT TIME ZONE
              g TIMESTAMP(3) WITHOUT TIME ZONE
              h VARCHAR(5)[]
              i BIT(1)
              j NUMERIC(10, 0)
              k DOUBLE PRECISION
              l SMALLINT
              n INET
              o INTERVAL (3)
        ",
    );
}

#[test]
fn identity_columns_guard_their_sequence() {
    check(
        D,
        "
        create table t (id int generated always as identity primary key, a int not null, b int);
        alter table t alter column id drop default;
        alter table t alter column id drop not null;
        alter table t alter column id type text;
        drop sequence t_id_seq;
        alter table t alter column b add generated always as identity;
        alter table t alter column a add generated always as identity;
        alter table t alter column id drop identity;
        ",
        "
            ! column \"id\" of relation \"t\" is an identity column
            ! column \"id\" of relation \"t\" is an identity column
            ! identity column type must be smallint, integer, or bigint
            ! cannot drop sequence t_id_seq because column id of table t requires it
            ! column \"b\" of relation \"t\" must be declared NOT NULL before identity can be added
            table t
              id INTEGER not null
              a INTEGER not null identity
              b INTEGER
              primary key t_pkey (id)
            sequence t_a_seq of t
        ",
    );
}

#[test]
fn json_has_no_order() {
    check(
        D,
        "
        create table t (a json unique);
        create table t (a json, b varchar);
        create index on t (a);
        create index on t using gin (b);
        ",
        "
            ! data type json has no default operator class for access method \"btree\"
            ! data type json has no default operator class for access method \"btree\"
            ! data type character varying has no default operator class for access method \"gin\"
            table t
              a JSON
              b VARCHAR
        ",
    );
}
