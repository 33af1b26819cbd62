use super::{PG, check};

#[test]
fn other_objects() {
    check(
        PG,
        "CREATE OR REPLACE VIEW v (a, b) AS WITH c AS (SELECT 1 FROM x) SELECT extract(year FROM y.at) FROM public.y, z a2 JOIN w ON (true) JOIN c ON a IS DISTINCT FROM b, generate_series(1, 2)",
        r#"CreateObject { kind: View, name: v, definition: "CREATE OR REPLACE VIEW v (a, b) AS WITH c AS (SELECT 1 FROM x) SELECT extract(year FROM y.at) FROM public.y, z a2 JOIN w ON (true) JOIN c ON a IS DISTINCT FROM b, generate_series(1, 2)", depends_on: [x, y, z, w], or_replace: true }"#,
    );
    check(
        PG,
        "CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT * FROM t",
        r#"CreateObject { kind: MaterializedView, name: mv, definition: "CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT * FROM t", depends_on: [t], if_not_exists: true }"#,
    );
    check(PG, "REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "Refresh { view: mv, concurrently: true, fills: true }");
    check(PG, "ALTER VIEW v RENAME TO w", r#"RenameObject { kind: View, name: v, to: "w" }"#);
    check(
        PG,
        "DROP MATERIALIZED VIEW IF EXISTS mv",
        "DropObject { kind: MaterializedView, name: mv, if_exists: true }",
    );
    check(
        PG,
        "CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'x;') RETURNS trigger AS $$ BEGIN NEW.a := 1; RETURN NEW; END; $$ LANGUAGE plpgsql",
        r#"CreateObject { kind: Function, name: f, definition: "CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'x;') RETURNS trigger AS $$ BEGIN NEW.a := 1; RETURN NEW; END; $$ LANGUAGE plpgsql", or_replace: true }"#,
    );
    check(
        PG,
        "DROP FUNCTION IF EXISTS f(int, text), g CASCADE",
        "DropObject { kind: Function, name: f, if_exists: true, cascade: true }; DropObject { kind: Function, name: g, if_exists: true, cascade: true }",
    );
    check(
        PG,
        "CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON users FOR EACH ROW EXECUTE FUNCTION f()",
        r#"CreateObject { kind: Trigger, name: users.tr, definition: "CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON users FOR EACH ROW EXECUTE FUNCTION f()", depends_on: [users, f] }"#,
    );
    check(PG, "DROP TRIGGER IF EXISTS tr ON users", "DropObject { kind: Trigger, name: users.tr, if_exists: true }");
    check(
        PG,
        r#"CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public"#,
        r#"CreateObject { kind: Extension, name: uuid-ossp, definition: "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public", if_not_exists: true }"#,
    );
    check(PG, "DROP EXTENSION pgcrypto", "DropObject { kind: Extension, name: pgcrypto }");
    check(
        PG,
        "CREATE SCHEMA IF NOT EXISTS sales AUTHORIZATION bob",
        r#"CreateObject { kind: Schema, name: sales, definition: "CREATE SCHEMA IF NOT EXISTS sales AUTHORIZATION bob", if_not_exists: true }"#,
    );
    check(
        PG,
        "CREATE DOMAIN email AS citext CHECK (value ~ '@')",
        r#"CreateObject { kind: Domain, name: email, definition: "CREATE DOMAIN email AS citext CHECK (value ~ '@')" }"#,
    );
    check(
        PG,
        "CREATE POLICY p ON users USING (true)",
        r#"CreateObject { kind: Other, name: users.p, definition: "CREATE POLICY p ON users USING (true)", depends_on: [users] }"#,
    );
    check(PG, "COMMENT ON TABLE users IS 'it''s'", r#"CommentTable { table: users, comment: ("it's") }"#);
    check(
        PG,
        "COMMENT ON COLUMN public.users.name IS NULL",
        r#"AlterColumn { table: users, column: "name", [Comment(None)] }"#,
    );
    check(PG, "COMMENT ON INDEX ix IS 'x'", r#"NoEffect { what: "COMMENT" }"#);
}

#[test]
fn statements_without_effect_and_beyond_us() {
    check(PG, "SET lock_timeout = '5s'", r#"NoEffect { what: "SET" }"#);
    check(PG, "GRANT ALL ON t TO bob", r#"NoEffect { what: "GRANT" }"#);
    check(
        PG,
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO bob",
        r#"NoEffect { what: "ALTER DEFAULT" }"#,
    );
    check(PG, "NOTIFY channel", r#"NoEffect { what: "NOTIFY" }"#);
    check(
        PG,
        "COPY t FROM STDIN",
        r#"Opaque { what: "COPY", why: "what it executes is not simulated", touches: [t] }"#,
    );
    check(PG, "CALL p()", r#"Opaque { what: "CALL", why: "what it executes is not simulated" }"#);
    check(PG, r#"SET search_path TO "$user", public"#, r#"NoEffect { what: "SET" }"#);
    check(
        PG,
        "SET LOCAL search_path = tenant, public",
        r#"Opaque { what: "SET search_path", why: "names without a schema mean other tables from here on" }"#,
    );
    check(PG, "COPY (SELECT 1) TO STDOUT", r#"Opaque { what: "COPY", why: "what it executes is not simulated" }"#);
}
