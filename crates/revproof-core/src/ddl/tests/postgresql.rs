//! What PostgreSQL does with tables, keys and indexes.

use super::check;
use crate::schema::Dialect;

const D: Dialect = Dialect::PostgreSql;

#[test]
fn unnamed_constraints_and_indexes_are_named_after_their_columns() {
    check(
        D,
        "
        create table users (id serial, email text, primary key (id), unique (email));
        create table posts (
            id serial primary key, user_id int references users (id) on delete cascade, n int check (n > 0), m int,
            check (n > m), unique (n, m)
        );
        create index on posts (user_id, n);
        create index on posts (lower('x'), m);
        alter table posts add unique (n, m);
        alter table posts add check (n > 1);
        ",
        "
            table posts
              id INTEGER not null = nextval('posts_id_seq'::regclass)
              user_id INTEGER
              n INTEGER
              m INTEGER
              primary key posts_pkey (id)
              unique posts_n_m_key (n, m)
              unique posts_n_m_key1 (n, m)
              foreign key posts_user_id_fkey (user_id) to users (id) on delete cascade
              check posts_n_check: n > 0
              check posts_check: n > m
              check posts_n_check1: n > 1
              index posts_user_id_n_idx (user_id, n)
              index posts_lower_m_idx (lower('x'), m)
            table users
              id INTEGER not null = nextval('users_id_seq'::regclass)
              email TEXT
              primary key users_pkey (id)
              unique users_email_key (email)
            sequence posts_id_seq of posts
            sequence users_id_seq of users
        ",
    );
}

#[test]
fn chosen_names_are_free_in_the_whole_schema() {
    check(
        D,
        "
        create table p (id int primary key);
        create table a (b_c int references p (id));
        create table a_b (c int references p (id));
        create table z (x int, constraint q_n_check check (x > 0));
        create table q (n int check (n > 0), m int, constraint a_b_c_fkey check (m > 0));
        ",
        "
            table a
              b_c INTEGER
              foreign key a_b_c_fkey (b_c) to p (id)
            table a_b
              c INTEGER
              foreign key a_b_c_fkey1 (c) to p (id)
            table p
              id INTEGER not null
              primary key p_pkey (id)
            table q
              n INTEGER
              m INTEGER
              check q_n_check1: n > 0
              check a_b_c_fkey: m > 0
            table z
              x INTEGER
              check q_n_check: x > 0
        ",
    );
}

#[test]
fn keys_over_the_same_columns_in_one_create_table_are_one() {
    check(
        D,
        "
        create table a (x int, y int, primary key (x, y), constraint a_uc unique (x, y), unique (y, x));
        create table b (x int, constraint b_one unique (x), constraint b_two unique (x));
        create table c (x int unique, constraint c_two unique (x), constraint c_later unique (x) deferrable);
        create table d (x int unique primary key);
        ",
        "
            table a
              x INTEGER not null
              y INTEGER not null
              primary key a_uc (x, y)
              unique a_y_x_key (y, x)
            table b
              x INTEGER
              unique b_one (x)
            table c
              x INTEGER
              unique c_two (x)
              unique c_later (x)
            table d
              x INTEGER not null
              primary key d_pkey (x)
        ",
    );
}

#[test]
fn long_names_are_shortened_from_the_longer_part() {
    check(
        D,
        "
        create table a_very_long_table_name_that_goes_on_and_on_for_a_while (
            id serial primary key,
            a_very_long_column_name_that_goes_on_too int unique
        );
        ",
        "
            table a_very_long_table_name_that_goes_on_and_on_for_a_while
              id INTEGER not null = nextval('a_very_long_table_name_that_goes_on_and_on_for_a_while_id_seq'::regclass)
              a_very_long_column_name_that_goes_on_too INTEGER
              primary key a_very_long_table_name_that_goes_on_and_on_for_a_while_pkey (id)
              unique a_very_long_table_name_that_g_a_very_long_column_name_that__key (a_very_long_column_name_that_goes_on_too)
            sequence a_very_long_table_name_that_goes_on_and_on_for_a_while_id_seq of a_very_long_table_name_that_goes_on_and_on_for_a_while
        ",
    );
}

#[test]
fn relations_share_one_namespace() {
    check(
        D,
        "
        create table t (a int);
        create sequence t_a_key;
        alter table t add unique (a);
        create index t on t (a);
        create table t_a_key1 (b int);
        create view t as select 1 as one;
        create table t (b int);
        create table if not exists t (b int);
        ",
        "
            ! relation \"t\" already exists
            ! relation \"t_a_key1\" already exists
            ! relation \"t\" already exists
            ! relation \"t\" already exists
            table t
              a INTEGER
              unique t_a_key1 (a)
            sequence t_a_key
        ",
    );
}

#[test]
fn dropping_a_column_takes_its_keys_indexes_and_checks() {
    check(
        D,
        "
        create table t (
            a int, b int, c int, primary key (a, b), unique (b, c), constraint positive check (b > 0),
            constraint c_positive check (c > 0)
        );
        create index ix_b on t (c, b);
        create index ix_c on t (c) where b > 0;
        create index ix_d on t (c);
        alter table t drop column b;
        ",
        "
            table t
              a INTEGER not null
              c INTEGER
              check c_positive: c > 0
              index ix_d (c)
        ",
    );
}

#[test]
fn a_key_that_a_foreign_key_rests_on_stays_unless_cascaded() {
    check(
        D,
        "
        create table p (id int primary key, code text unique);
        create table c (p_id int references p, p_code text references p (code));
        alter table p drop constraint p_pkey;
        alter table p drop column code;
        drop table p;
        alter table p drop column code cascade;
        drop table p cascade;
        ",
        "
            ! cannot drop constraint p_pkey on table p because other objects depend on it: constraint c_p_id_fkey on table c
            ! cannot drop column code of table p because other objects depend on it: constraint c_p_code_fkey on table c
            ! cannot drop table p because other objects depend on it: constraint c_p_id_fkey on table c, constraint c_p_code_fkey on table c
            table c
              p_id INTEGER
              p_code TEXT
        ",
    );
}

#[test]
fn foreign_keys_need_a_key_and_comparable_types() {
    check(
        D,
        "
        create table p (id int primary key, a int, b text);
        create table c1 (x int references p (a));
        create table c2 (x text references p (id));
        create table c3 (x int references nope (id));
        create table c4 (x int references p (nope));
        create table c5 (x bigint references p);
        alter table c5 alter column x type text;
        ",
        "
            ! there is no unique constraint matching given keys for referenced table \"p\"
            ! foreign key constraint \"c2_x_fkey\" cannot be implemented: key columns \"x\" and \"id\" are of incompatible types: text and integer
            ! relation \"nope\" does not exist
            ! column \"nope\" referenced in foreign key constraint does not exist
            ! foreign key constraint \"c5_x_fkey\" cannot be implemented: key columns \"x\" and \"id\" are of incompatible types: text and integer
            table c5
              x BIGINT
              foreign key c5_x_fkey (x) to p (id)
            table p
              id INTEGER not null
              a INTEGER
              b TEXT
              primary key p_pkey (id)
        ",
    );
}

#[test]
fn an_index_behind_a_constraint_is_not_dropped_alone() {
    check(
        D,
        "
        create table t (a int constraint t_once unique, b int);
        create index ix_b on t (b);
        drop index t_once;
        drop index ix_b;
        drop index ix_b;
        drop index if exists ix_b;
        ",
        "
            ! cannot drop index t_once because constraint t_once on table t requires it
            ! index \"ix_b\" does not exist
            table t
              a INTEGER
              b INTEGER
              unique t_once (a)
        ",
    );
}

#[test]
fn what_does_not_exist_is_named() {
    check(
        D,
        "
        create table t (a int);
        alter table t drop column b;
        alter table t rename column b to c;
        alter table t alter column b set not null;
        alter table t drop constraint c;
        alter table u add column a int;
        drop table u;
        create index ix on t (b);
        alter table t add check (b > 0);
        alter table t add primary key (b);
        alter table t rename constraint c to d;
        ",
        "
            ! column \"b\" of relation \"t\" does not exist
            ! column \"b\" does not exist
            ! column \"b\" of relation \"t\" does not exist
            ! constraint \"c\" of relation \"t\" does not exist
            ! relation \"u\" does not exist
            ! table \"u\" does not exist
            ! column \"b\" does not exist
            ! column \"b\" does not exist
            ! column \"b\" of relation \"t\" does not exist
            ! constraint \"c\" for table \"t\" does not exist
            table t
              a INTEGER
        ",
    );
}

#[test]
fn a_table_has_one_primary_key() {
    check(
        D,
        "
        create table t (a int primary key, b int);
        alter table t add primary key (b);
        alter table t drop constraint t_pkey;
        alter table t add primary key (b);
        ",
        "
            ! multiple primary keys for table \"t\" are not allowed
            table t
              a INTEGER not null
              b INTEGER not null
              primary key t_pkey (b)
        ",
    );
}

#[test]
fn renames_are_followed_by_those_who_refer() {
    check(
        D,
        "
        create table p (id serial primary key);
        create table c (p_id int references p, check (p_id > 0));
        create index ix on c ((p_id + 1));
        alter table p rename to q;
        alter table q rename column id to key;
        alter table c rename column p_id to q_id;
        ",
        "
            table c
              q_id INTEGER
              foreign key c_p_id_fkey (q_id) to q (key)
              check c_p_id_check: q_id > 0
              index ix (q_id + 1)
            table q
              key INTEGER not null = nextval('p_id_seq'::regclass)
              primary key p_pkey (key)
            sequence p_id_seq of q
        ",
    );
}

#[test]
fn sequences_live_and_die_with_their_column() {
    check(
        D,
        "
        create table t (id serial primary key, n bigserial);
        create table u (x int default nextval('t_id_seq'));
        drop sequence t_n_seq;
        alter table t drop column n;
        alter table t drop column id;
        drop table t cascade;
        ",
        "
            ! cannot drop sequence t_n_seq because other objects depend on it: default value for column n of table t
            ! cannot drop column id of table t because other objects depend on it: default value for column x of table u
            table u
              x INTEGER
        ",
    );
}

#[test]
fn views_hold_on_to_their_columns() {
    check(
        D,
        "
        create table t (a int, b int);
        create view v as select a from t;
        alter table t drop column a;
        alter table t alter column a type bigint;
        alter table t drop column b;
        drop table t;
        drop table t cascade;
        ",
        "
            ! cannot drop column a of table t because other objects depend on it: view v
            ! cannot alter type of a column used by a view or rule: view v depends on it
            ! cannot drop table t because other objects depend on it: view v
        ",
    );
}

#[test]
fn schemas_come_first() {
    check(
        D,
        "
        create table s.t (a int);
        create schema s;
        create table s.t (a serial primary key);
        drop schema s;
        alter table s.t set schema public;
        drop schema s;
        ",
        "
            ! schema \"s\" does not exist
            ! cannot drop schema s because other objects depend on it: table s.t
            table t
              a INTEGER not null = nextval('t_a_seq'::regclass)
              primary key t_pkey (a)
            sequence t_a_seq of t
        ",
    );
}

#[test]
fn a_unique_index_becomes_a_constraint() {
    check(
        D,
        "
        create table t (a int, b int);
        create unique index ux on t (a);
        create index ix on t (b);
        alter table t add constraint t_a unique using index ux;
        alter table t add constraint t_b unique using index ix;
        ",
        "
            ! \"ix\" is not a unique index
            table t
              a INTEGER
              b INTEGER
              unique t_a (a)
              index ix (b)
        ",
    );
}

#[test]
fn a_constraint_takes_over_an_index_of_its_own_name() {
    check(
        D,
        "
        create table t (a int not null, b int not null, c int not null);
        create unique index t_a on t (a);
        create unique index t_b on t (b);
        create unique index t_c on t (c);
        alter table t add constraint t_a unique using index t_a;
        alter table t add primary key using index t_b;
        alter table t add constraint t_a unique using index t_c;
        ",
        "
            ! relation \"t_a\" already exists
            table t
              a INTEGER not null
              b INTEGER not null
              c INTEGER not null
              primary key t_b (b)
              unique t_a (a)
              unique index t_c (c)
        ",
    );
}
