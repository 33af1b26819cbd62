//! What MySQL does differently.

use super::check;
use crate::schema::Dialect;

const D: Dialect = Dialect::MySql;

#[test]
fn keys_are_named_after_their_first_column() {
    check(
        D,
        "
        create table p (id int auto_increment primary key, a int unique, b int, unique (a, b));
        create table c (p_id int, q_id int, foreign key (p_id) references p (id), check (p_id > 0));
        alter table c add constraint fk_q foreign key (q_id) references p (id);
        ",
        "
            table c
              p_id INTEGER
              q_id INTEGER
              foreign key c_ibfk_1 (p_id) to p (id)
              foreign key fk_q (q_id) to p (id)
              check c_chk_1: p_id > 0
              index p_id (p_id)
              index fk_q (q_id)
            table p
              id INTEGER not null
              a INTEGER
              b INTEGER
              primary key PRIMARY (id)
              unique a (a)
              unique a_2 (a, b)
        ",
    );
}

#[test]
fn a_foreign_key_needs_its_index() {
    check(
        D,
        "
        create table p (id int primary key);
        create table c (p_id int, constraint fk foreign key (p_id) references p (id));
        drop index fk on c;
        alter table c drop column p_id;
        drop table p;
        alter table c drop foreign key fk;
        drop index fk on c;
        drop table p;
        ",
        "
            ! Cannot drop index 'fk': needed in a foreign key constraint
            ! Cannot drop column 'p_id': needed in a foreign key constraint 'fk'
            ! Cannot drop table 'p' referenced by a foreign key constraint 'fk' on table 'c'.
            table c
              p_id INTEGER
        ",
    );
}

#[test]
fn a_dropped_column_leaves_its_keys() {
    check(
        D,
        "
        create table t (a int, b int);
        create index ix on t (a, b);
        create index ix_a on t (a);
        alter table t drop column a;
        ",
        "
            table t
              b INTEGER
              index ix (b)
        ",
    );
}

#[test]
fn what_does_not_exist_is_named() {
    check(
        D,
        "
        create table t (a int);
        drop index ix on t;
        drop table u;
        create index ix on t (b);
        create table t (a int);
        alter table t add column a int;
        alter table t add constraint fk foreign key (a) references nope (id);
        ",
        "
            ! Can't DROP 'ix'; check that column/key exists
            ! Unknown table 'u'
            ! Key column 'b' doesn't exist in table
            ! Table 't' already exists
            ! Duplicate column name 'a'
            ! Failed to open the referenced table 'nope'
            table t
              a INTEGER
        ",
    );
}

#[test]
fn text_has_no_literal_default() {
    check(
        D,
        "
        create table t (a text default 'x');
        create table t (a varchar(5) default 'x', b int default 0, c datetime default now(), d tinyint(1) default false);
        ",
        "
            ! BLOB, TEXT, GEOMETRY or JSON column 'a' can't have a default value
            table t
              a VARCHAR(5) = 'x'
              b INTEGER = '0'
              c DATETIME = CURRENT_TIMESTAMP
              d TINYINT(1) = '0'
        ",
    );
}
