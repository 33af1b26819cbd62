use super::{Direction, PG, SQLITE, check, check_all, evaluate, script};

#[test]
fn rows_are_inserted_as_values() {
    check(
        "t = sa.table('t', sa.column('id', sa.Integer), sa.column('n', sa.String), sa.column('b', sa.Boolean), sa.column('j', sa.JSON))
op.bulk_insert(t, [{'id': 1, 'n': \"O'Neil\", 'b': True, 'j': {'a': [1]}}, {'id': 2, 'n': None}])
op.bulk_insert(t, [])",
        PG,
        "INSERT t: id=1 n='O'Neil' b=true j=json {\"a\": [1]} | id=2 n=NULL",
    );
}

#[test]
fn rows_have_to_be_dicts_in_a_list() {
    check_all("op.bulk_insert(sa.table('t'), {'a': 1})", "!! Script: TypeError: List expected");
    check_all("op.bulk_insert(sa.table('t'), ['a'])", "!! Script: TypeError: List of dictionaries expected");
}

#[test]
fn sql_is_passed_on() {
    check(
        "op.execute('UPDATE t SET a = 1')\nop.execute(sa.text('UPDATE t SET a = :v').bindparams(v='z'))\nwith op.get_context().autocommit_block():\n    op.execute(\"ALTER TYPE en ADD VALUE 'c'\")",
        PG,
        "SQL UPDATE t SET a = 1
         SQL UPDATE t SET a = :v :v='z'
         COMMIT
         SQL ALTER TYPE en ADD VALUE 'c'
         BEGIN",
    );
}

#[test]
fn the_dialect_can_be_asked() {
    let body = "if op.get_bind().dialect.name == 'sqlite':\n    op.drop_table('a')\nif op.get_context().dialect.name == 'postgresql':\n    op.drop_table('b')";
    check(body, SQLITE, "DROP TABLE a");
    check(body, PG, "DROP TABLE b");
}

#[test]
fn uuids_drawn_at_random_are_some_uuids() {
    let source = script(
        "ids = {str(uuid.uuid4()) for _ in range(3)}\nop.execute(f\"UPDATE t SET id = '{uuid.uuid4()}', n = {len(ids)}, v = {uuid.uuid4().version}\")",
    );
    let (lines, _) = evaluate(&source, Direction::Upgrade, PG, &[]);
    let line = lines.first().map(String::as_str).unwrap_or_default();
    assert!(lines.len() == 1 && line.contains("n = 3, v = 4") && line.contains("-4"), "{lines:?}");
}
