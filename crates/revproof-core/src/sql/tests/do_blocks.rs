use super::{PG, check};

#[test]
fn guarded_ddl_is_read_out_of_blocks() {
    check(
        PG,
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a', 'b'); END IF; END $$;",
        r#"CreateEnum { name: mood, values: ["a", "b"], if_not_exists: true }"#,
    );
    check(
        PG,
        "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$",
        r#"CreateEnum { name: mood, values: ["a"], if_not_exists: true }"#,
    );
    check(
        PG,
        "DO $do$ BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object OR duplicate_table THEN RAISE NOTICE 'x'; END; $do$ LANGUAGE plpgsql",
        r#"if Constraint { table: (t), name: "c", missing: true }: AddConstraint { table: t, constraint: ConstraintSpec { name: ("c"), kind: Check { condition: "a > 0" } } }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name='t' AND column_name='a') THEN ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD b int; ELSE ALTER TABLE t ADD c int; END IF; END $$",
        r#"if Column { table: t, column: "a", exists: true }: DropColumn { table: t, column: "a" }
if Column { table: t, column: "a", exists: true }: AddColumn { table: t, column: ColumnSpec { name: "b", ty: Integer, nullable: true } }
unless Column { table: t, column: "a", exists: true }: AddColumn { table: t, column: ColumnSpec { name: "c", ty: Integer, nullable: true } }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = 'c' AND conrelid = 'public.t'::regclass) THEN ALTER TABLE t ADD CONSTRAINT c UNIQUE (a); END IF; IF to_regclass('ix') IS NULL THEN CREATE INDEX ix ON t (a); END IF; END $$",
        r#"if Constraint { table: (t), name: "c", missing: true }: AddConstraint { table: t, constraint: ConstraintSpec { name: ("c"), kind: Unique { columns: ["a"] } } }
CreateIndex { index: IndexSpec { name: ("ix"), table: t, parts: [Column("a", None)] }, if_not_exists: true }"#,
    );
    check(
        PG,
        "DO $$ BEGIN EXECUTE 'DROP TABLE t'; UPDATE u SET a = 1; END $$",
        r"DropTable { table: t }
data UPDATE u SET a = 1",
    );
    check(
        PG,
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM users LOOP UPDATE posts SET a = r.a; END LOOP; END $$",
        r#"Opaque { what: "DO $$ … $$", why: "the block does more than guarded DDL, and blocks are not executed", touches: [users, posts] }"#,
    );
    check(
        PG,
        "DO $$ DECLARE r record; BEGIN FOR r IN (SELECT conname FROM pg_constraint) LOOP EXECUTE format('ALTER TABLE t DROP CONSTRAINT IF EXISTS %I', r.conname); END LOOP; END $$",
        r#"Opaque { what: "DO $$ … $$", why: "the block does more than guarded DDL, and blocks are not executed", touches: [t] }"#,
    );
    for rest in [
        "t DROP CONSTRAINT %I CASCADE', r",
        "%I DROP CONSTRAINT a', r",
        "t_%s DROP c', r",
        "t DROP %s', r",
        "t DROP '||r||'",
    ] {
        let text =
            format!("DO $$ DECLARE r text; BEGIN SELECT a INTO r FROM b; EXECUTE format('ALTER TABLE {rest}); END $$");
        check(
            PG,
            &text,
            r#"Opaque { what: "DO $$ … $$", why: "the block does more than guarded DDL, and blocks are not executed" }"#,
        );
    }
    check(
        PG,
        "DO $$ DECLARE x text := 'a'; BEGIN EXECUTE format('DROP TABLE %I', x); END $$",
        r#"Opaque { what: "DO $$ … $$", why: "the block does more than guarded DDL, and blocks are not executed" }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'a') AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'b') THEN ALTER TABLE t RENAME CONSTRAINT a TO b; END IF; END $$",
        r#"if Constraint { name: "a", exists: true } and Constraint { name: "b", missing: true }: RenameConstraint { table: t, name: "a", to: "b" }"#,
    );
    check(PG, "DO $$ BEGIN PERFORM setval('s', 1); END $$", "data SELECT setval('s', 1)");
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND indexname = 'ix') THEN DROP INDEX ix; END IF; END $$",
        "DropIndex { index: ix, if_exists: true }",
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't' AND column_name = 'a' AND data_type = 'character varying') THEN ALTER TABLE t ALTER COLUMN a TYPE mood USING a::mood; END IF; END $$",
        r#"if Column { table: t, column: "a", data_type: ("character varying"), exists: true }: AlterColumn { table: t, column: "a", [Type { ty: Named(mood, []), using: ("a::mood") }] }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'a' AND contype = 'p') THEN ALTER TABLE t RENAME CONSTRAINT a TO b; END IF; END $$",
        r#"if Constraint { name: "a", kind: ('p'), exists: true }: RenameConstraint { table: t, name: "a", to: "b" }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 'a' AND constraint_type = 'UNIQUE') THEN ALTER TABLE t DROP CONSTRAINT a; END IF; END $$",
        r#"if Constraint { name: "a", kind: ('u'), exists: true }: DropConstraint { table: t, name: ("a") }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'ix' AND indexdef NOT LIKE '%WHERE%') THEN DROP INDEX ix; END IF; END $$",
        "if Relation { name: ix, partial: (false), exists: true }: DropIndex { index: ix }",
    );
}

#[test]
fn blocks_about_roles_change_nothing_else() {
    check(
        PG,
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'app') THEN RAISE NOTICE 'no role'; RETURN; END IF; GRANT USAGE ON SCHEMA public TO app; EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I '\n 'GRANT SELECT ON TABLES TO app', current_user); IF current_user <> 'x' AND pg_has_role(current_user, 'x', 'MEMBER') THEN GRANT x TO app; END IF; END $$",
        r#"NoEffect { what: "DO" }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app') THEN EXECUTE format('CREATE USER %I WITH PASSWORD %L', 'app', 'it''s'); EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), 'app'); END IF; END $$",
        r#"NoEffect { what: "DO" }; CreateObject { kind: Other, name: app, definition: "CREATE USER \"app\" WITH PASSWORD 'it''s'", if_not_exists: true }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = (:__hole_1)) THEN EXECUTE format('DROP USER %I', (:__hole_1)); END IF; END $$",
        r#"NoEffect { what: "DO" }; DropObject { kind: Other, name: __hole_1, if_exists: true }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF f(1) THEN GRANT a TO b; END IF; END $$",
        r#"Opaque { what: "DO $$ … $$", why: "the block does more than guarded DDL, and blocks are not executed" }"#,
    );
}

#[test]
fn texts_are_formatted_and_exceptions_raised() {
    check(
        PG,
        "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %s', 'my table', 'a'); END $$",
        r#"DropColumn { table: my table, column: "a" }"#,
    );
    check(
        PG,
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN RAISE EXCEPTION 'there it is'; END IF; END $$",
        r"if Relation { name: t, exists: true }: certainly there it is",
    );
}
