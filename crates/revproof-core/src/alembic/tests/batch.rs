use super::{MYSQL, PG, SQLITE, check, check_all};

#[test]
fn additions_and_indexes_need_no_new_table() {
    check_all(
        "with op.batch_alter_table('t', schema=None) as b:
    b.add_column(sa.Column('x', sa.Integer, nullable=True))
    b.create_index(b.f('ix_x'), ['x'])
    b.drop_index('ix_y')",
        "ALTER t ADD COLUMN x INTEGER
         CREATE INDEX ix_x ON t (x)
         DROP INDEX ix_y ON t",
    );
}

#[test]
fn other_changes_rebuild_the_table_on_sqlite() {
    let body = "with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('x', sa.Integer, sa.ForeignKey('p.id', name='fk_p')))
    b.execute('UPDATE t SET q=1')
    b.alter_column('y', existing_type=sa.String(5), nullable=False, new_column_name='z')
    b.drop_column('q')
    b.create_unique_constraint('uq',['x'])
    b.create_foreign_key('fk2','p2',['x'],['id'])
    b.create_check_constraint('ck','x>0')
    b.create_primary_key('pk',['x'])
    b.drop_constraint('old', type_='foreignkey')";
    check(
        body,
        PG,
        "SQL UPDATE t SET q=1
         ALTER t ADD COLUMN x INTEGER
         ALTER t ADD CONSTRAINT fk_p FOREIGN KEY(x) REFERENCES p (id)
         ALTER t.y: NOT NULL; RENAME z
         ALTER t DROP COLUMN q
         ALTER t ADD CONSTRAINT uq UNIQUE (x)
         ALTER t ADD CONSTRAINT fk2 FOREIGN KEY(x) REFERENCES p2 (id)
         ALTER t ADD CONSTRAINT ck CHECK (x>0)
         ALTER t ADD CONSTRAINT pk PRIMARY KEY (x)
         ALTER t DROP CONSTRAINT old [ForeignKey]",
    );
    check(
        body,
        SQLITE,
        "SQL UPDATE t SET q=1
         REBUILD t { ALTER t ADD COLUMN x INTEGER; ALTER t ADD CONSTRAINT fk_p FOREIGN KEY(x) REFERENCES p (id); ALTER t.y: NOT NULL; RENAME z; ALTER t DROP COLUMN q; ALTER t ADD CONSTRAINT uq UNIQUE (x); ALTER t ADD CONSTRAINT fk2 FOREIGN KEY(x) REFERENCES p2 (id); ALTER t ADD CONSTRAINT ck CHECK (x>0); ALTER t ADD CONSTRAINT pk PRIMARY KEY (x); ALTER t DROP CONSTRAINT old [ForeignKey] }",
    );
}

#[test]
fn an_expression_as_default_rebuilds_too() {
    let body = "with op.batch_alter_table('t') as b:\n    b.add_column(sa.Column('x', sa.DateTime, server_default=sa.func.now()))";
    check(body, SQLITE, "REBUILD t { ALTER t ADD COLUMN x DATETIME DEFAULT CURRENT_TIMESTAMP }");
    check(body, PG, "ALTER t ADD COLUMN x TIMESTAMP DEFAULT now()");
}

#[test]
fn the_script_decides_when_it_says_so() {
    check(
        "with op.batch_alter_table('t', recreate='never') as b:\n    b.drop_column('x')",
        SQLITE,
        "ALTER t DROP COLUMN x",
    );
    check(
        "tb = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(5)))
with op.batch_alter_table('t', copy_from=tb, recreate='always', table_args=(sa.CheckConstraint('id>0', name='ck'),)) as b:
    b.add_column(sa.Column('n', sa.String(9)), insert_after='id')",
        PG,
        "REBUILD t { ALTER t ADD COLUMN n VARCHAR(9) } FROM t (id INTEGER SERIAL NOT NULL, a VARCHAR(5), PRIMARY KEY (id)) WITH CONSTRAINT ck CHECK (id>0) n AFTER id",
    );
    check(
        "with op.batch_alter_table('t', recreate='sometimes') as b:\n    pass",
        PG,
        "!! Script: ValueError: recreate may be one of 'auto', 'always', or 'never'.",
    );
}

#[test]
fn a_rebuilt_table_needs_names() {
    let body = "with op.batch_alter_table('t') as b:\n    b.create_foreign_key(None, 'p', ['x'], ['id'])";
    check(body, SQLITE, "!! Script: ValueError: Constraint must have a name");
    check(body, MYSQL, "ALTER t ADD FOREIGN KEY(x) REFERENCES p (id)");
}

#[test]
fn placement_needs_a_rebuild() {
    check(
        "with op.batch_alter_table('t') as b:\n    b.add_column(sa.Column('n', sa.Integer), insert_after='id')",
        PG,
        "!! Script: alembic.util.CommandError: Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'",
    );
}

#[test]
fn an_exception_inside_sends_nothing() {
    check(
        "try:\n    with op.batch_alter_table('t') as b:\n        b.drop_column('x')\n        raise ValueError('x')\nexcept ValueError:\n    op.drop_table('u')",
        PG,
        "DROP TABLE u",
    );
}
