use super::{lite, pg};

const FAMILY: &str = "CREATE TABLE p (id int PRIMARY KEY, name text);
    CREATE TABLE c (id int, p_id int REFERENCES p (id));
    CREATE TABLE d (id int, p_id int REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);
    CREATE TABLE e (id int, p_id int DEFAULT 1 REFERENCES p (id) ON DELETE SET NULL);
    INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'c')";

#[test]
fn foreign_keys_hold_from_both_ends() {
    pg(
        FAMILY,
        "INSERT INTO c VALUES (1, 9)",
        "error ForeignKeyViolation: insert or update on table \"c\" violates foreign key constraint \"c_p_id_fkey\"",
    );
    pg(FAMILY, "INSERT INTO c VALUES (1, 1), (2, NULL)", "ok 2");
    pg(
        FAMILY,
        "INSERT INTO c VALUES (1, 1); DELETE FROM p WHERE id = 1",
        "error ForeignKeyViolation: update or delete on table \"p\" violates foreign key constraint \"c_p_id_fkey\" on table \"c\"",
    );
    pg(
        FAMILY,
        "INSERT INTO c VALUES (1, 1); UPDATE p SET id = 5 WHERE id = 1",
        "error ForeignKeyViolation: update or delete on table \"p\" violates foreign key constraint \"c_p_id_fkey\" on table \"c\"",
    );
    pg(FAMILY, "INSERT INTO c VALUES (1, 1); UPDATE p SET name = 'z'", "ok 3");
    pg(FAMILY, "INSERT INTO d VALUES (1, 1), (2, 2); DELETE FROM p WHERE id = 1; SELECT * FROM d", "2|2");
    pg(FAMILY, "INSERT INTO d VALUES (1, 1), (2, 2); UPDATE p SET id = id + 10; SELECT * FROM d", "1|11\n2|12");
    pg(FAMILY, "INSERT INTO e VALUES (1, 2); DELETE FROM p WHERE id = 2; SELECT * FROM e", "1|NULL");
    lite(FAMILY, "INSERT INTO c VALUES (1, 9)", "ok 1");
}

#[test]
fn a_table_may_reference_itself() {
    let tree = "CREATE TABLE n (id int PRIMARY KEY, up int REFERENCES n (id) ON DELETE CASCADE)";
    pg(tree, "INSERT INTO n VALUES (2, 1), (1, NULL), (3, 2); DELETE FROM n WHERE id = 1; SELECT count(*) FROM n", "0");
    pg(
        tree,
        "INSERT INTO n VALUES (2, 1)",
        "error ForeignKeyViolation: insert or update on table \"n\" violates foreign key constraint \"n_up_fkey\"",
    );
}

#[test]
fn keys_of_several_columns_and_nulls() {
    let setup = "CREATE TABLE t (a int, b int, UNIQUE (a, b)); INSERT INTO t VALUES (1, 1), (1, NULL)";
    pg(setup, "INSERT INTO t VALUES (1, NULL), (1, 2)", "ok 2");
    pg(
        setup,
        "INSERT INTO t VALUES (1, 1)",
        "error UniqueViolation: duplicate key value violates unique constraint \"t_a_b_key\"",
    );
    let strict = "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT); INSERT INTO t VALUES (NULL)";
    pg(
        strict,
        "INSERT INTO t VALUES (NULL)",
        "error UniqueViolation: duplicate key value violates unique constraint \"t_a_key\"",
    );
    let partial = "CREATE TABLE t (a int, live boolean); CREATE UNIQUE INDEX ix ON t (a) WHERE live; INSERT INTO t VALUES (1, true), (1, false)";
    pg(partial, "INSERT INTO t VALUES (1, false)", "ok 1");
    pg(
        partial,
        "INSERT INTO t VALUES (1, true)",
        "error UniqueViolation: duplicate key value violates unique constraint \"ix\"",
    );
}

#[test]
fn checks_are_evaluated() {
    let setup =
        "CREATE TABLE t (a int CHECK (a > 0), s varchar(10), CONSTRAINT st CHECK (s IN ('new', 'old') OR s IS NULL))";
    pg(
        setup,
        "INSERT INTO t VALUES (0, 'new')",
        "error CheckViolation: new row for relation \"t\" violates check constraint \"t_a_check\"",
    );
    pg(setup, "INSERT INTO t VALUES (NULL, NULL), (1, 'old')", "ok 2");
    pg(
        setup,
        "INSERT INTO t VALUES (1, 'odd')",
        "error CheckViolation: new row for relation \"t\" violates check constraint \"st\"",
    );
    lite(setup, "INSERT INTO t VALUES (1, 'odd')", "error CheckViolation: CHECK constraint failed: st");
}
