//! `add_column`, `drop_column`, `alter_column`, `create_index`, `drop_index`.

use super::{MYSQL, PG, SQLITE, check, check_all};

const NO_ALTER: &str = "!! Unsupported: No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.";

#[test]
fn a_column_is_added_with_its_default() {
    check_all(
        "op.add_column('t', sa.Column('x', sa.Integer(), nullable=False, server_default='0'), schema='sc', if_not_exists=True)",
        "ALTER sc.t ADD COLUMN IF NOT EXISTS x INTEGER DEFAULT '0' NOT NULL",
    );
    check(
        "op.add_column('t', sa.Column('ts', sa.DateTime(timezone=True), server_default=sa.func.now()))",
        MYSQL,
        "ALTER t ADD COLUMN ts DATETIME DEFAULT (now())",
    );
}

#[test]
fn keys_uniques_and_indexes_of_a_column_are_added_after_it() {
    let body = "op.add_column('t', sa.Column('p', sa.Integer, sa.ForeignKey('parent.id', name='fk_p', ondelete='CASCADE')))\nop.add_column('t', sa.Column('x', sa.Integer, index=True))\nop.add_column('t', sa.Column('y', sa.Integer, unique=True))";
    check(
        body,
        PG,
        "ALTER t ADD COLUMN p INTEGER
         ALTER t ADD CONSTRAINT fk_p FOREIGN KEY(p) REFERENCES parent (id) ON DELETE Cascade
         ALTER t ADD COLUMN x INTEGER
         CREATE INDEX ix_t_x ON t (x)
         ALTER t ADD COLUMN y INTEGER
         ALTER t ADD UNIQUE (y)",
    );
    check(body, SQLITE, &format!("ALTER t ADD COLUMN p INTEGER\n{NO_ALTER}"));
    check_all(
        "op.add_column('t', sa.Column('p', sa.Integer, sa.ForeignKey('parent.id')), inline_references=True)",
        "ALTER t ADD COLUMN p INTEGER FOREIGN KEY(p) REFERENCES parent (id)",
    );
}

#[test]
fn a_key_column_is_added_without_the_key() {
    check(
        "op.add_column('t', sa.Column('id', sa.Integer, primary_key=True))",
        PG,
        "ALTER t ADD COLUMN id INTEGER SERIAL NOT NULL",
    );
    check(
        "op.add_column('t', sa.Column('id', sa.Integer, primary_key=True), inline_primary_key=True)",
        PG,
        "ALTER t ADD COLUMN id INTEGER SERIAL NOT NULL PRIMARY KEY (id)",
    );
}

#[test]
fn the_check_of_a_type_is_left_out_on_sqlite() {
    let body =
        "op.add_column('t', sa.Column('x', sa.Enum('a','b',name='en', native_enum=False, create_constraint=True)))";
    check(body, PG, "ALTER t ADD COLUMN x VARCHAR(1)\nALTER t ADD CONSTRAINT en CHECK (x IN ('a', 'b'))");
    check(body, SQLITE, "ALTER t ADD COLUMN x VARCHAR(1)");
}

#[test]
fn an_enum_column_makes_no_type() {
    check("op.add_column('t', sa.Column('x', sa.Enum('a','b',name='en')))", PG, "ALTER t ADD COLUMN x enum en");
}

#[test]
fn postgresql_alters_in_its_order() {
    check(
        "op.alter_column('t','x', new_column_name='y', type_=sa.String(9), nullable=False, server_default='q', comment='c', existing_type=sa.String(5), existing_nullable=True, schema='sc', postgresql_using='x::text')",
        PG,
        "ALTER sc.t.x: TYPE VARCHAR(9) USING x::text; NOT NULL; DEFAULT 'q'; COMMENT c; RENAME y",
    );
    check("op.alter_column('t','x', server_default=None, comment=None)", PG, "ALTER t.x: DROP DEFAULT; COMMENT NULL");
    check("op.alter_column('t','x')", PG, "");
    check(
        "op.alter_column('t','x', nullable=False, existing_type=sa.Integer(), postgresql_using='x::integer')",
        PG,
        "!! Script: alembic.util.CommandError: postgresql_using must be used with the type_ parameter",
    );
}

#[test]
fn mysql_says_everything_anew() {
    check(
        "op.alter_column('t','x', existing_type=sa.Integer(), nullable=True, existing_server_default=sa.text('0'))",
        MYSQL,
        "ALTER t.x: TYPE INTEGER; NULL; DEFAULT 0; COMMENT NULL; AUTO_INCREMENT false",
    );
    check(
        "op.alter_column('t','x', new_column_name='y')",
        MYSQL,
        "!! Script: alembic.util.CommandError: All MySQL CHANGE/MODIFY COLUMN operations require the existing type.",
    );
    check("op.alter_column('t','x', server_default='a', existing_type=sa.String(5))", MYSQL, "ALTER t.x: DEFAULT 'a'");
}

#[test]
fn checks_of_types_go_and_come_with_the_type() {
    let body =
        "op.alter_column('t','x', existing_type=sa.Integer(), type_=sa.Boolean(create_constraint=True,name='ck_b'))";
    check(body, PG, "ALTER t.x: TYPE BOOLEAN");
    check(
        body,
        MYSQL,
        "ALTER t.x: TYPE BOOLEAN; NULL; DROP DEFAULT; COMMENT NULL; AUTO_INCREMENT false\nALTER t ADD CONSTRAINT ck_b CHECK (x IN (0, 1))",
    );
}

#[test]
fn identity_is_altered_on_postgresql_only() {
    let body = "op.alter_column('t','id', server_default=sa.Identity(always=True), existing_type=sa.Integer())";
    check(body, PG, "ALTER t.id: IDENTITY ALWAYS");
    check(
        body,
        SQLITE,
        "!! InvalidStatement: Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.",
    );
}

#[test]
fn indexes_take_names_expressions_and_options() {
    check_all(
        "op.create_index(op.f('ix_t_a'), 't', ['a', 'b'], unique=True)",
        "CREATE UNIQUE INDEX ix_t_a ON t (a, b)",
    );
    check_all("op.create_index(None, 't', ['a'])", "CREATE INDEX ix_t_a ON t (a)");
    check_all(
        "op.create_index('ix', 't', ['a', sa.text('b DESC'), sa.column('c').desc(), sa.text('lower(name)')])",
        "CREATE INDEX ix ON t (a, b DESC, c DESC, (lower(name)))",
    );
    let body = "op.create_index('ix','t',['a'], postgresql_using='gin', postgresql_where=sa.text(\"x = 'y'\"), postgresql_concurrently=True, postgresql_ops={'a':'gin_trgm_ops'}, postgresql_include=['z'], sqlite_where=sa.text('x > 1'), mysql_length=10)";
    check(body, PG, "CREATE INDEX ix ON t (a gin_trgm_ops) USING gin INCLUDE (z) WHERE x = 'y' CONCURRENTLY");
    check(body, SQLITE, "CREATE INDEX ix ON t (a) WHERE x > 1");
    check(body, MYSQL, "CREATE INDEX ix ON t (a (10))");
}

#[test]
fn indexes_and_columns_are_dropped() {
    check_all(
        "op.drop_index('ix', table_name='t')\nop.drop_index('ix', 't', schema='sc', if_exists=True)\nop.drop_column('t', 'x', schema='sc', if_exists=True)",
        "DROP INDEX ix ON t
         DROP INDEX IF EXISTS sc.ix ON sc.t
         ALTER sc.t DROP COLUMN IF EXISTS x",
    );
}

#[test]
fn wrong_arguments_are_type_errors() {
    check_all(
        "op.create_index('ix', tablename='t', columns=['a'])",
        "!! Script: TypeError: Additional arguments should be named <dialectname>_<argument>, got 'tablename'",
    );
    check_all(
        "op.create_foreign_key('fk', 't', 'p', ['a'], ['id'], 'CASCADE')",
        "!! Script: TypeError: create_foreign_key() takes 6 positional arguments but 7 were given",
    );
    check_all(
        "op.drop_column('t')",
        "!! Script: TypeError: drop_column() missing 1 required positional argument: 'column_name'",
    );
    check_all("op.nothing('t')", "!! Script: AttributeError: 'Operations' object has no attribute 'nothing'");
}
