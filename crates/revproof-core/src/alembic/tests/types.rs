use super::{Direction, MYSQL, PG, SQLITE, evaluate, script};
use crate::schema::Dialect;

/// The type of a column on a dialect; `!` where it is refused.
fn compiled(ty: &str, dialect: Dialect) -> String {
    let body = format!("op.add_column('t', sa.Column('x', {ty}))");
    let source = script(&body).replace(
        "def upgrade",
        "import sqlalchemy_utils\n\nclass Colour(enum.Enum):\n    red = 'r'\n    green = 'g'\n\ndef upgrade",
    );
    let (lines, _) = evaluate(&source, Direction::Upgrade, dialect, &[]);
    match lines.first().and_then(|line| line.strip_prefix("ALTER t ADD COLUMN x ")) {
        Some(text) => text.to_owned(),
        None => "!".to_owned(),
    }
}

/// What the three dialects make of a type.
#[track_caller]
fn check(ty: &str, postgresql: &str, sqlite: &str, mysql: &str) {
    let found = [PG, SQLITE, MYSQL].map(|dialect| compiled(ty, dialect));
    assert_eq!(found, [postgresql, sqlite, mysql], "{ty}");
}

#[test]
fn generic_types() {
    check("sa.Integer", "INTEGER", "INTEGER", "INTEGER");
    check("sa.String()", "VARCHAR", "VARCHAR", "!");
    check("sa.String(50)", "VARCHAR(50)", "VARCHAR(50)", "VARCHAR(50)");
    check("sa.Unicode(length=20)", "VARCHAR(20)", "VARCHAR(20)", "VARCHAR(20)");
    check("sa.UnicodeText()", "TEXT", "TEXT", "TEXT");
    check("sa.Numeric(precision=10, scale=2)", "NUMERIC(10, 2)", "NUMERIC(10, 2)", "NUMERIC(10, 2)");
    check("sa.Float(53)", "FLOAT(53)", "FLOAT", "FLOAT(53)");
    check("sa.DateTime()", "TIMESTAMP", "DATETIME", "DATETIME");
    check("sa.DateTime(timezone=True)", "TIMESTAMPTZ", "DATETIME", "DATETIME");
    check("sa.TIMESTAMP()", "TIMESTAMP", "TIMESTAMP", "TIMESTAMP");
    check("sa.LargeBinary()", "BYTEA", "BLOB", "BLOB");
    check("sa.Uuid()", "UUID", "CHAR(32)", "CHAR(32)");
    check("sa.UUID()", "UUID", "UUID", "UUID");
    check("sa.JSON()", "JSON", "JSON", "JSON");
    check("sa.ARRAY(sa.Integer)", "INTEGER[]", "!", "!");
    check("sa.String(50, collation='C')", "VARCHAR(50) COLLATE C", "VARCHAR(50) COLLATE C", "VARCHAR(50) COLLATE C");
}

#[test]
fn enums() {
    check("sa.Enum('a','bb', name='en')", "enum en", "VARCHAR(2)", "ENUM(a,bb)");
    check("sa.Enum('a','bb')", "!", "VARCHAR(2)", "ENUM(a,bb)");
    check("sa.Enum('a', name='en', schema='sc')", "enum sc.en", "VARCHAR(1)", "ENUM(a)");
    check("sa.Enum('a', name='en', native_enum=False, length=30)", "VARCHAR(30)", "VARCHAR(30)", "VARCHAR(30)");
    check("sa.Enum(Colour)", "enum colour", "VARCHAR(5)", "ENUM(red,green)");
    check("sa.Enum(Colour, values_callable=lambda e: [m.value for m in e])", "enum colour", "VARCHAR(1)", "ENUM(r,g)");
}

#[test]
fn dialect_types() {
    check("postgresql.JSONB(astext_type=sa.Text())", "JSONB", "JSONB", "!");
    check("postgresql.UUID(as_uuid=True)", "UUID", "UUID", "UUID");
    check("postgresql.INET()", "INET", "!", "!");
    check("postgresql.TIMESTAMP(timezone=True, precision=3)", "TIMESTAMP(3)TZ", "TIMESTAMP", "TIMESTAMP");
    check("postgresql.DOUBLE_PRECISION(precision=53)", "DOUBLE", "DOUBLE", "DOUBLE");
    check("mysql.INTEGER(display_width=11, unsigned=True)", "INTEGER", "INTEGER", "INTEGER UNSIGNED");
    check("mysql.TINYINT(1)", "!", "!", "BOOLEAN");
    check("mysql.DATETIME(fsp=6)", "!", "DATETIME", "DATETIME(6)");
    check("sqlite.DATETIME()", "TIMESTAMP", "DATETIME", "DATETIME");
}

#[test]
fn variants_and_types_of_the_script() {
    check("sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')", "JSONB", "JSON", "JSON");
    check("type('T', (sa.types.TypeDecorator,), {'impl': sa.String})", "<unknown>", "<unknown>", "<unknown>");
}

#[test]
fn a_decorator_is_what_it_wraps() {
    let source = script("op.add_column('t', sa.Column('x', Path(40)))").replace(
        "def upgrade",
        "class Path(sa.types.TypeDecorator):\n    impl = sa.String\n    cache_ok = True\n\ndef upgrade",
    );
    let (lines, _) = evaluate(&source, Direction::Upgrade, PG, &[]);
    assert_eq!(lines, ["ALTER t ADD COLUMN x VARCHAR(40)"]);
}

#[test]
fn types_of_sqlalchemy_utils_are_reached_through_their_modules() {
    let utils = |rest: &str, expected: [&str; 3]| {
        let [postgresql, sqlite, mysql] = expected;
        check(&format!("sqlalchemy_utils.types.{rest}"), postgresql, sqlite, mysql);
    };
    utils("email.EmailType(length=80)", ["VARCHAR(80)"; 3]);
    utils("timezone.TimezoneType(backend='pytz')", ["VARCHAR(50)"; 3]);
    utils("ip_address.IPAddressType(length=20)", ["VARCHAR(50)"; 3]);
    utils("locale.LocaleType()", ["VARCHAR(10)"; 3]);
    utils("url.URLType()", ["TEXT"; 3]);
    utils("json.JSONType()", ["JSON", "TEXT", "TEXT"]);
    utils("range.IntRangeType()", ["INT4RANGE", "VARCHAR(255)", "VARCHAR(255)"]);
    utils("encrypted.encrypted_type.StringEncryptedType(length=99)", ["VARCHAR(99)"; 3]);
    utils("ts_vector.TSVectorType('name')", ["TSVECTOR", "!", "!"]);
}

#[test]
fn packages_that_are_known() {
    let source = script("op.add_column('t', sa.Column('a', sqlalchemy_utils.types.uuid.UUIDType(binary=False)))\nop.add_column('t', sa.Column('b', sqlmodel.sql.sqltypes.AutoString(length=9)))\nop.add_column('t', sa.Column('c', Geometry('POINT', srid=4326)))\nop.add_column('t', sa.Column('d', acme.Money()))")
        .replace("import enum", "import sqlalchemy_utils, sqlmodel, acme\nfrom geoalchemy2 import Geometry\nimport enum");
    let (lines, _) = evaluate(&source, Direction::Upgrade, PG, &[]);
    assert_eq!(
        lines,
        [
            "ALTER t ADD COLUMN a UUID",
            "ALTER t ADD COLUMN b VARCHAR(9)",
            "ALTER t ADD COLUMN c \"geometry\"(POINT,4326)",
            "CREATE INDEX idx_t_c ON t (c) USING gist",
            "ALTER t ADD COLUMN d <unknown>",
        ]
    );
}

#[test]
fn spatial_columns_come_with_an_index_on_postgresql() {
    let body = "op.create_table('t', sa.Column('a', Geometry('POINT', 4326)), sa.Column('b', Geography('POINT', 4326, spatial_index=False)))
op.add_geospatial_column('t', sa.Column('c', Geometry))
op.create_geospatial_index('ix_c', 't', ['c'], unique=False, postgresql_using='gist', postgresql_ops={})
op.drop_geospatial_index('ix_c', table_name='t', postgresql_using='gist', column_name='c')
op.drop_geospatial_column('t', 'c')
op.drop_geospatial_table('t')";
    let source = script(body).replace("import enum", "from geoalchemy2 import Geometry, Geography\nimport enum");
    let (lines, _) = evaluate(&source, Direction::Upgrade, PG, &[]);
    assert_eq!(
        lines,
        [
            "CREATE TABLE t (a \"geometry\"(POINT,4326), b \"geography\"(POINT,4326))",
            "CREATE INDEX idx_t_a ON t (a) USING gist",
            "ALTER t ADD COLUMN c \"geometry\"",
            "CREATE INDEX ix_c ON t (c) USING gist",
            "DROP INDEX ix_c ON t",
            "ALTER t DROP COLUMN c",
            "DROP TABLE t",
        ]
    );
}

#[test]
fn enum_types_are_created_and_dropped_by_themselves() {
    let body = "e = postgresql.ENUM('a','b', name='en', create_type=False)\ne.create(op.get_bind(), checkfirst=True)\nsa.Enum(name='en').drop(op.get_bind(), checkfirst=False)";
    let (lines, _) = evaluate(&script(body), Direction::Upgrade, PG, &[]);
    assert_eq!(lines, ["CREATE TYPE IF NOT EXISTS en AS ENUM (a, b)", "DROP TYPE en"]);
    let (lines, _) = evaluate(&script(body), Direction::Upgrade, SQLITE, &[]);
    assert!(lines.is_empty());
}
