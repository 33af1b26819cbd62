use super::{CONVENTION, MYSQL, PG, SQLITE, check, check_all, check_named};

#[test]
fn a_single_integer_key_numbers_itself() {
    let body = "op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), sa.Column('e', sa.String(length=255), nullable=False), sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('e', name='uq_e'))";
    let serial = "CREATE TABLE t (id INTEGER SERIAL NOT NULL, e VARCHAR(255) NOT NULL, PRIMARY KEY (id), CONSTRAINT uq_e UNIQUE (e))";
    check(body, PG, serial);
    check(body, MYSQL, serial);
    check(body, SQLITE, &serial.replace(" SERIAL", ""));
}

#[test]
fn keys_that_do_not_number_themselves() {
    check_all(
        "op.create_table('t', sa.Column('a', sa.Integer, primary_key=True), sa.Column('b', sa.Integer, primary_key=True, autoincrement=False))",
        "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b))",
    );
    check(
        "op.create_table('t', sa.Column('id', sa.Integer, sa.ForeignKey('p.id'), primary_key=True))",
        PG,
        "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id))",
    );
    check(
        "op.create_table('t', sa.Column('id', sa.Integer), sa.ForeignKeyConstraint(['id'], ['p.id']), sa.PrimaryKeyConstraint('id'))",
        PG,
        "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id))",
    );
    check(
        "op.create_table('t', sa.Column('id', sa.BigInteger, primary_key=True, server_default='1'))",
        PG,
        "CREATE TABLE t (id BIGINT DEFAULT '1' NOT NULL, PRIMARY KEY (id))",
    );
    check(
        "op.create_table('t', sa.Column('id', sa.Integer, sa.Sequence('s'), primary_key=True))",
        PG,
        "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))",
    );
}

#[test]
fn column_flags_become_constraints_and_indexes() {
    check(
        "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(10), unique=True), sa.Column('b', sa.String(10), index=True), sa.Column('d', sa.String(10), index=True, unique=True))",
        PG,
        "CREATE TABLE t (id INTEGER SERIAL NOT NULL, a VARCHAR(10), b VARCHAR(10), d VARCHAR(10), PRIMARY KEY (id), UNIQUE (a))
         CREATE INDEX ix_t_b ON t (b)
         CREATE UNIQUE INDEX ix_t_d ON t (d)",
    );
}

#[test]
fn explicit_constraints_stand_before_those_of_columns() {
    let body = "op.create_table('t', sa.Column('p', sa.Integer, sa.ForeignKey('parent.id', ondelete='CASCADE', onupdate='SET NULL', name='fk_p')), sa.Column('q', sa.Integer, sa.ForeignKey('s2.other.id')), sa.ForeignKeyConstraint(['p','q'],['x.a','x.b'], name='fk_multi', deferrable=True, initially='DEFERRED', match='FULL', ondelete='RESTRICT'))";
    let multi = "CONSTRAINT fk_multi FOREIGN KEY(p, q) REFERENCES x (a, b) MATCH FULL ON DELETE Restrict DEFERRABLE INITIALLY DEFERRED";
    let single = "CONSTRAINT fk_p FOREIGN KEY(p) REFERENCES parent (id) ON DELETE Cascade ON UPDATE SetNull";
    let columns = "CREATE TABLE t (p INTEGER, q INTEGER";
    check(body, PG, &format!("{columns}, {multi}, {single}, FOREIGN KEY(q) REFERENCES s2.other (id))"));
    check(body, SQLITE, &format!("{columns}, {multi}, {single})"));
    check(
        body,
        MYSQL,
        "!! InvalidStatement: MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.",
    );
}

#[test]
fn checks_stand_at_the_column_or_at_the_table() {
    check_all(
        "op.create_table('t', sa.Column('id', sa.Integer, sa.CheckConstraint('id > 0', name='ck_id')), sa.CheckConstraint('x < id', name='ck_tbl'), sa.CheckConstraint(sa.text('x <> 3')))",
        "CREATE TABLE t (id INTEGER CONSTRAINT ck_id CHECK (id > 0), CONSTRAINT ck_tbl CHECK (x < id), CHECK (x <> 3))",
    );
}

#[test]
fn schemas_comments_and_options() {
    let body = "op.create_table('t', sa.Column('id', sa.Integer, comment='the id'), schema='sc', comment=\"it's\", if_not_exists=True, prefixes=['TEMPORARY'], mysql_engine='InnoDB')";
    check(body, PG, "CREATE TABLE IF NOT EXISTS sc.t (id INTEGER COMMENT \"the id\") COMMENT \"it's\"");
    check(body, SQLITE, "CREATE TABLE IF NOT EXISTS sc.t (id INTEGER)");
    check("op.create_table('t', schema='public')", PG, "CREATE TABLE t ()");
    check("op.create_table('t', schema='public')", MYSQL, "CREATE TABLE public.t ()");
    check_all(
        "op.create_table('t', bogus=1)",
        "!! Script: TypeError: Additional arguments should be named <dialectname>_<argument>, got 'bogus'",
    );
}

#[test]
fn naming_conventions_name_what_has_no_name() {
    let body = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.String(9), unique=True), sa.Column('b', sa.Boolean(create_constraint=True, name='bb')), sa.Column('i', sa.Integer, index=True), sa.Column('p', sa.Integer, sa.ForeignKey('parent.id')), sa.CheckConstraint('id>0', name='pos'), sa.CheckConstraint('id>0', name=op.f('raw_ck')))";
    check_named(
        body,
        PG,
        &CONVENTION,
        "CREATE TABLE t (id INTEGER SERIAL NOT NULL, e VARCHAR(9), b BOOLEAN, i INTEGER, p INTEGER, CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT ck_t_pos CHECK (id>0), CONSTRAINT raw_ck CHECK (id>0), CONSTRAINT uq_t_e UNIQUE (e), CONSTRAINT fk_t_p_parent FOREIGN KEY(p) REFERENCES parent (id))
         CREATE INDEX ix_t_i ON t (i)",
    );
    check_named(
        body,
        SQLITE,
        &CONVENTION,
        "CREATE TABLE t (id INTEGER NOT NULL, e VARCHAR(9), b BOOLEAN, i INTEGER, p INTEGER, CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT ck_t_pos CHECK (id>0), CONSTRAINT raw_ck CHECK (id>0), CONSTRAINT uq_t_e UNIQUE (e), CONSTRAINT ck_t_bb CHECK (b IN (0, 1)), CONSTRAINT fk_t_p_parent FOREIGN KEY(p) REFERENCES parent (id))
         CREATE INDEX ix_t_i ON t (i)",
    );
}

#[test]
fn long_names_are_cut_when_generated_and_refused_when_given() {
    let table = "t".repeat(40);
    let column = "c".repeat(40);
    check(
        &format!("op.create_index(None, '{table}', ['{column}'])"),
        PG,
        &format!("CREATE INDEX ix_{table}_ccccccccccc_f9ac ON {table} ({column})"),
    );
    check(
        &format!("op.create_index('{table}{column}', 't', ['a'])"),
        PG,
        &format!(
            "!! Script: sqlalchemy.exc.IdentifierError: Identifier '{table}{column}' exceeds maximum length of 63 characters"
        ),
    );
}

#[test]
fn server_defaults_are_written_as_the_dialect_does() {
    let body = "op.create_table('t', sa.Column('a', sa.String(5), server_default='x'), sa.Column('c', sa.Integer, server_default=sa.text('5')), sa.Column('d', sa.DateTime, server_default=sa.func.now()), sa.Column('f', sa.Boolean, server_default=sa.false()), sa.Column('h', sa.String(9), server_default=\"it's\"), sa.Column('i', sa.Integer, default=3), sa.Column('q', sa.Uuid, server_default=sa.text('gen_random_uuid()')))";
    check(
        body,
        PG,
        "CREATE TABLE t (a VARCHAR(5) DEFAULT 'x', c INTEGER DEFAULT 5, d TIMESTAMP DEFAULT now(), f BOOLEAN DEFAULT false, h VARCHAR(9) DEFAULT 'it''s', i INTEGER, q UUID DEFAULT gen_random_uuid())",
    );
    check(
        body,
        SQLITE,
        "CREATE TABLE t (a VARCHAR(5) DEFAULT 'x', c INTEGER DEFAULT 5, d DATETIME DEFAULT CURRENT_TIMESTAMP, f BOOLEAN DEFAULT 0, h VARCHAR(9) DEFAULT 'it''s', i INTEGER, q CHAR(32) DEFAULT (gen_random_uuid()))",
    );
    check(
        "op.create_table('t', sa.Column('a', sa.Boolean, server_default=True))",
        PG,
        "!! Script: sqlalchemy.exc.ArgumentError: Argument 'arg' is expected to be one of type 'str' or 'ClauseElement' or 'TextClause', got 'True'",
    );
}

#[test]
fn identity_and_computed_columns() {
    check(
        "op.create_table('t', sa.Column('id', sa.Integer, sa.Identity(always=True), primary_key=True), sa.Column('b', sa.Integer, sa.Computed('id*2', persisted=True)))",
        PG,
        "CREATE TABLE t (id INTEGER NOT NULL IDENTITY ALWAYS, b INTEGER AS (id*2) STORED, PRIMARY KEY (id))",
    );
    check(
        "op.create_table('t', sa.Column('id', sa.Integer, sa.Identity()))",
        SQLITE,
        "CREATE TABLE t (id INTEGER NOT NULL)",
    );
}

#[test]
fn enum_types_are_created_once_per_name() {
    let body = "e = sa.Enum('a','b',name='en')\nop.create_table('t1', sa.Column('x', e))\nop.create_table('t2', sa.Column('x', sa.Enum('a','b',name='en')), sa.Column('y', postgresql.ENUM('c', name='other', create_type=False)), sa.Column('z', postgresql.ARRAY(sa.Enum('k', name='third'))))\nop.drop_table('t1')";
    check(
        body,
        PG,
        "CREATE TYPE en AS ENUM (a, b)
         CREATE TABLE t1 (x enum en)
         CREATE TYPE third AS ENUM (k)
         CREATE TABLE t2 (x enum en, y enum other, z enum third[])
         DROP TABLE t1",
    );
}

#[test]
fn a_created_table_can_be_used() {
    check(
        "t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.String(5)))\nop.bulk_insert(t, [{'id': 1, 'n': 'x'}])\nop.execute(t.delete())",
        PG,
        "CREATE TABLE t (id INTEGER SERIAL NOT NULL, n VARCHAR(5), PRIMARY KEY (id))
         INSERT t: id=1 n='x'
         SQL DELETE FROM t",
    );
}

#[test]
fn what_is_not_known_taints_only_its_table() {
    check(
        "import acme\nop.create_table('t', sa.Column('a', sa.Integer, nullable=acme.x))\nop.create_table('u', sa.Column('a', sa.String(acme.x)))\nop.drop_table(acme.y)",
        PG,
        "CREATE TABLE t (a INTEGER)
         OPAQUE CREATE TABLE (`acme` is a third-party package) t
         CREATE TABLE u (a <unknown>)
         OPAQUE op.drop_table (`acme` is a third-party package)",
    );
}

#[test]
fn a_constraint_over_a_missing_column_is_an_error() {
    check(
        "op.create_table('t', sa.Column('a', sa.Integer), sa.UniqueConstraint('b'))",
        PG,
        "!! Script: sqlalchemy.exc.ConstraintColumnNotFoundError: Can't create UniqueConstraint on table 't': no column named 'b' is present.",
    );
}

#[test]
fn tables_are_renamed_dropped_and_commented() {
    check(
        "op.rename_table('a', 'b', schema='sc')\nop.drop_table('t', schema='sc', if_exists=True)\nop.create_table_comment('t', 'x')\nop.drop_table_comment('t')",
        PG,
        "RENAME TABLE sc.a TO b
         DROP TABLE IF EXISTS sc.t
         COMMENT ON TABLE t IS Some(\"x\")
         COMMENT ON TABLE t IS None",
    );
}
