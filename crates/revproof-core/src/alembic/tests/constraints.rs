use super::{CONVENTION, MYSQL, PG, SQLITE, check, check_named};

#[test]
fn constraints_are_added() {
    check(
        "op.create_primary_key('pk_t','t',['a','b'])
op.create_unique_constraint(None,'t',['a'])
op.create_unique_constraint('uq','t',['a'], schema='sc', deferrable=True, initially='DEFERRED', postgresql_nulls_not_distinct=True)
op.create_check_constraint('ck','t', sa.text('a > 0'), postgresql_not_valid=True)
op.create_check_constraint('ck','t', sa.column('a') > 5)
op.create_foreign_key('fk','t','p',['a','b'],['x','y'], ondelete='CASCADE', source_schema='s1', referent_schema='s2')
op.create_exclude_constraint('ex','t',(sa.column('period'),'&&'),('g','='), where=sa.text(\"g != 'x'\"), using='gist')",
        PG,
        "ALTER t ADD CONSTRAINT pk_t PRIMARY KEY (a, b)
         ALTER t ADD UNIQUE (a)
         ALTER sc.t ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED
         ALTER t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID
         ALTER t ADD CONSTRAINT ck CHECK (a > 5)
         ALTER s1.t ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES s2.p (x, y) ON DELETE Cascade
         ALTER t ADD CONSTRAINT ex EXCLUDE USING gist (period WITH &&, g WITH =) WHERE (g != 'x')",
    );
}

#[test]
fn sqlite_refuses_constraints_outside_of_batch() {
    let expected = "!! Unsupported: No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.";
    check("op.create_unique_constraint('u', 't', ['a'])", SQLITE, expected);
    check("op.drop_constraint('u', 't', type_='unique')", SQLITE, expected);
}

#[test]
fn constraints_are_dropped_by_kind() {
    check("op.drop_constraint('c', 't')", PG, "ALTER t DROP CONSTRAINT c");
    check(
        "op.drop_constraint('c', 't', 'foreignkey', schema='sc', if_exists=True)",
        PG,
        "ALTER sc.t DROP CONSTRAINT IF EXISTS c [ForeignKey]",
    );
    check("op.drop_constraint('c', 't', type_='primary')", MYSQL, "ALTER t DROP CONSTRAINT c [PrimaryKey]");
    check(
        "op.drop_constraint('c', 't')",
        MYSQL,
        "!! Unsupported: No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type",
    );
    check(
        "op.drop_constraint('c', 't', type_='bogus')",
        PG,
        "!! Script: TypeError: 'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
    );
    check(
        "op.drop_constraint(None, 't', type_='unique')",
        PG,
        "ALTER t DROP CONSTRAINT ? [Unique]
         !! InvalidStatement: Can't emit DROP CONSTRAINT for constraint; it has no name",
    );
}

#[test]
fn conventions_apply_to_directives() {
    check_named(
        "op.create_unique_constraint(None,'t',['a']); op.create_foreign_key(None,'t','p',['a'],['id']); op.create_primary_key(None,'t',['a']); op.create_index(None,'t',['a']); op.create_check_constraint('pos','t','a>0'); op.create_check_constraint(op.f('raw'),'t','a>0'); op.drop_constraint('pos','t',type_='check'); op.drop_constraint(op.f('raw'),'t',type_='check'); op.drop_constraint('uq_x','t',type_='unique')",
        PG,
        &CONVENTION,
        "ALTER t ADD CONSTRAINT uq_t_a UNIQUE (a)
         ALTER t ADD CONSTRAINT fk_t_a_p FOREIGN KEY(a) REFERENCES p (id)
         ALTER t ADD CONSTRAINT pk_t PRIMARY KEY (a)
         CREATE INDEX ix_t_a ON t (a)
         ALTER t ADD CONSTRAINT ck_t_pos CHECK (a>0)
         ALTER t ADD CONSTRAINT raw CHECK (a>0)
         ALTER t DROP CONSTRAINT ck_t_pos [Check]
         ALTER t DROP CONSTRAINT raw [Check]
         ALTER t DROP CONSTRAINT uq_x [Unique]",
    );
}
