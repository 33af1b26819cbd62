"""Runs chains of revision scripts through the real Alembic on one real database, many chains in one process.

usage: driver.py sqlite|postgresql

Each line of stdin is a request, an object of JSON:

    {"revisions": [{"id": "…", "text": "the script", "seed": [SQL, …],
                    "aside": {"up": [SQL, …], "down": [SQL, …], "again": [SQL, …]}}, …]}

Every chain begins on an empty database. Of each revision, in that order, the seed is loaded, then `upgrade()`,
`downgrade()` and `upgrade()` are run, each in the transactions of an `alembic` command, and then the database is put
back to where the first upgrade left it. Where a run fails and there is something to set aside for it, that is done and
the run is tried once more.

Each line of stdout is the answer: {"schemas": [SCHEMA, …], "revisions": [{"seed": error or null, "before": STATE,
"up": RUN, "down": RUN, "again": RUN}, …]}. A STATE is {"schema": an index, "rows": {table: {"columns": […],
"rows": [[…], …]}}}. A RUN is a state after the run with "first" and "error": how the first attempt ended and how the
last one did, each null or {"class", "code", "message"}; a run that did not take place is null.
"""

import json
import os
import pathlib
import sqlite3
import sys
import warnings

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.pool import StaticPool

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests"))
import postgres  # noqa: E402

answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
sys.stdout = sys.stderr
warnings.simplefilter("ignore")


def described(error):
    """An error, in the words and with the code of the database where it comes from there."""
    original = getattr(error, "orig", None) or error
    # What Alembic cleans up after an error fails in its turn where the transaction is lost.
    while getattr(original, "pgcode", None) == "25P02" and original.__context__ is not None:
        original = getattr(original.__context__, "orig", None) or original.__context__
    code = getattr(original, "pgcode", None) or getattr(original, "sqlite_errorname", None)
    lines = str(original).strip().splitlines() or [""]
    return {"class": type(original).__name__, "code": code, "message": lines[0]}


def simple(value):
    """A value as JSON has it; bytes as an object."""
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def table_of(name, columns, key, foreign, uniques, checks, indexes, comment, dialect):
    """What the Inspector says of a table, as revproof says it of its own."""

    def column(c):
        return {
            "name": c["name"],
            "type": c["type"].compile(dialect=dialect),
            "nullable": c["nullable"],
            "default": c["default"],
            "comment": c.get("comment"),
            "computed": c.get("computed"),
            "identity": c.get("identity"),
        }

    def index(i):
        options = i.get("dialect_options", {})
        return {
            "name": i["name"],
            "column_names": i["column_names"],
            "unique": bool(i["unique"]),
            "expressions": i.get("expressions"),
            "where": next((str(v) for k, v in options.items() if k.endswith("_where")), None),
            "using": options.get("postgresql_using"),
            "include": i.get("include_columns") or [],
        }

    return {
        "columns": [column(c) for c in columns],
        "primary_key": {"name": key.get("name"), "constrained_columns": key["constrained_columns"]},
        "foreign_keys": [
            {k: f.get(k) for k in ("name", "constrained_columns", "referred_schema", "referred_table", "referred_columns")}
            | {"options": f.get("options", {})}
            for f in foreign
        ],
        "unique_constraints": [{"name": u["name"], "column_names": u["column_names"]} for u in uniques],
        "check_constraints": [{"name": c["name"], "sqltext": c["sqltext"]} for c in checks],
        "indexes": [index(i) for i in indexes if not i.get("duplicates_constraint")],
        "comment": comment.get("text") if comment else None,
    }


class Database:
    """What both databases have in common."""

    schemas = [None]

    def __init__(self, engine):
        self.engine = engine
        self.reflected = {}

    def run(self, function):
        """Runs one direction of a script as `alembic upgrade` and `alembic downgrade` do."""
        try:
            with self.engine.connect() as connection:
                context = MigrationContext.configure(connection)
                with context.begin_transaction(), Operations.context(context):
                    with context.begin_transaction(_per_migration=True):
                        function()
        except Exception as error:
            return described(error)
        return None

    def load(self, statements):
        """Runs statements that are no part of any script, all or none of them."""
        if not statements:
            return None
        try:
            with self.engine.begin() as connection:
                connection.execution_options(no_parameters=True)
                self.without_triggers(connection)
                for statement in statements:
                    result = connection.exec_driver_sql(statement)
                    if result.rowcount != 1:
                        raise RuntimeError(f"{result.rowcount} rows, not one: {statement}")
        except Exception as error:
            return described(error)
        return None

    def state(self):
        with self.engine.connect() as connection:
            print_of = self.fingerprint(connection)
            if print_of not in self.reflected:
                self.reflected[print_of] = self.reflect(connection)
            schema = self.reflected[print_of]
            rows = {}
            for name, table in schema["tables"].items():
                columns = table["columns"]
                rows[name] = {"columns": [c["name"] for c in columns], "rows": self.rows(connection, name, columns)}
        return {"schema": schema, "rows": rows}

    def quoted(self, name):
        """The name of a table, `schema.table` outside of the default schema, for SQL."""
        quote = self.engine.dialect.identifier_preparer.quote
        schema = next((s for s in self.schemas if s and name.startswith(s + ".")), None)
        return f"{quote(schema)}.{quote(name[len(schema) + 1:])}" if schema else quote(name)

    def reflect(self, connection):
        inspector = sa.inspect(connection)
        dialect = connection.dialect
        tables = {}
        for schema in self.schemas:
            parts = [
                getattr(inspector, "get_multi_" + what)(schema=schema)
                for what in ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
            ]
            try:
                parts.append(inspector.get_multi_table_comment(schema=schema))
            except NotImplementedError:
                parts.append({})
            for key in parts[0]:
                name = f"{key[0]}.{key[1]}" if key[0] else key[1]
                tables[name] = table_of(name, *(part.get(key) for part in parts), dialect)
                for index in tables[name]["indexes"]:
                    index["descending"] = self.descending(index["name"])
        return {"tables": tables, **self.others(inspector)}


class Sqlite(Database):
    def __init__(self):
        # A statement that an earlier chain has prepared would begin a transaction before it fails, a new one fails first.
        arguments = {"cached_statements": 0}
        super().__init__(sa.create_engine("sqlite://", poolclass=StaticPool, connect_args=arguments))
        self.raw = self.engine.raw_connection().driver_connection
        # Bytes that were cast to text need not be any.
        self.raw.text_factory = lambda text: text.decode(errors="backslashreplace")

    def reset(self):
        sqlite3.connect(":memory:").backup(self.raw)

    def keep(self, state):
        kept = sqlite3.connect(":memory:")
        self.raw.backup(kept)
        return kept

    def restore(self, kept, history):
        kept.backup(self.raw)
        kept.close()

    def without_triggers(self, connection):
        pass

    def fingerprint(self, connection):
        return tuple(connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall())

    def rows(self, connection, name, columns):
        found = self.raw.execute(f'SELECT * FROM "{name}"').fetchall()
        return [[simple(value) for value in row] for row in found]

    def descending(self, index):
        """Which parts of an index are in descending order, which the Inspector does not say."""
        return [bool(row[0]) for row in self.raw.execute("SELECT desc FROM pragma_index_xinfo(?) WHERE key", [index])]

    def others(self, inspector):
        # The Inspector passes over indexes on expressions.
        hidden = self.raw.execute(
            "SELECT i.name FROM sqlite_master i WHERE i.type = 'index'"
            " AND EXISTS (SELECT 1 FROM pragma_index_xinfo(i.name) WHERE cid = -2)"
        )
        views = sorted(inspector.get_view_names())
        # SQLite quotes a name that it has mended.
        texts = dict(self.raw.execute("""SELECT name, replace(sql, '"', '') FROM sqlite_master WHERE type = 'view'"""))
        expression_indexes = sorted(row[0] for row in hidden)
        return {"enums": {}, "sequences": [], "views": views, "view_texts": texts, "expression_indexes": expression_indexes}


class Postgres(Database):
    schemas = [None, "app"]

    def __init__(self, socket):
        url = f"postgresql+psycopg2://postgres@/postgres?host={socket}"
        super().__init__(sa.create_engine(url, connect_args={"options": "-c timezone=UTC -c datestyle=ISO,MDY"}))

    def reset(self):
        with self.engine.begin() as connection:
            connection.exec_driver_sql(
                "SET client_min_messages = error; DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS app CASCADE;"
                "CREATE SCHEMA public"
            )

    def sequences(self):
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, last_value"
                " FROM pg_sequences ORDER BY 1"
            ).fetchall()

    def keep(self, state):
        return state, self.sequences()

    def restore(self, kept, history):
        """Back to a state: only the sequences, where the rest is as it was; else everything is done again from the start."""
        state, sequences = kept
        if self.state() != state or [s[0] for s in sequences] != [s[0] for s in self.sequences()]:
            self.reset()
            for action in history:
                action()
        self.count_from(sequences)

    def count_from(self, sequences):
        with self.engine.begin() as connection:
            for name, start, last in sequences:
                called = last is not None
                connection.exec_driver_sql("SELECT setval(%s, %s, %s)", (name, last if called else start, called))

    def without_triggers(self, connection):
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")

    def fingerprint(self, connection):
        return tuple(connection.exec_driver_sql(FINGERPRINT).fetchall())

    def rows(self, connection, name, columns):
        quote = self.engine.dialect.identifier_preparer.quote
        # An address is printed without the length of its network where that is the whole of it, but cast to text with it.
        # 1.5 and 1.50 are one number, of which a column without a scale may have either.
        texts = {"INET": "abbrev({})", "NUMERIC": "trim_scale({})::text"}
        text = lambda name: texts.get(types[name], "{}::text").format(name)
        types = {quote(column["name"]): column["type"] for column in columns}
        texts = ", ".join(text(name) for name in types) or "NULL"
        plain = connection.execution_options(no_parameters=True)
        found = plain.exec_driver_sql(f"SELECT {texts} FROM {self.quoted(name)}").fetchall()
        return [list(row) if columns else [] for row in found]

    def descending(self, index):
        return None

    def others(self, inspector):
        names = lambda item: item["name"] if item["schema"] == "public" else f"{item['schema']}.{item['name']}"
        sequences = [f"{s}.{n}" if s else n for s in self.schemas for n in inspector.get_sequence_names(schema=s)]
        views = sorted(inspector.get_view_names()) + [s for s in inspector.get_schema_names() if s in self.schemas]
        enums = {names(e): e["labels"] for e in inspector.get_enums("*")}
        texts = {name: inspector.get_view_definition(name) for name in inspector.get_view_names()}
        return {"enums": enums, "sequences": sorted(sequences), "views": views, "view_texts": texts}


# Everything that reflection could show, by name: two databases that agree in it need to be reflected but once.
FINGERPRINT = """
WITH spaces AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'app')),
relations AS (SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace)
SELECT 'r', name, relkind::text, obj_description(oid, 'pg_class') FROM relations
UNION ALL SELECT 'n', nspname::text, NULL, NULL FROM spaces
UNION ALL SELECT 'a', r.name || '.' || row_number() OVER (PARTITION BY r.oid ORDER BY attnum)::text,
    concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attcollation),
    concat_ws(' # ', pg_get_expr(d.adbin, d.adrelid), col_description(r.oid, attnum))
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = attnum WHERE relkind IN ('r', 'v', 'm')
UNION ALL SELECT 'c', r.name || '.' || conname, pg_get_constraintdef(k.oid), convalidated::text
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
UNION ALL SELECT 'v', name, pg_get_viewdef(oid), NULL FROM relations WHERE relkind IN ('v', 'm')
UNION ALL SELECT 'i', r.name, pg_get_indexdef(i.indexrelid), indisunique::text
    FROM pg_index i JOIN relations r ON r.oid = i.indrelid
UNION ALL SELECT 'e', n.nspname || '.' || typname, string_agg(enumlabel, ',' ORDER BY enumsortorder), NULL
    FROM pg_enum JOIN pg_type t ON t.oid = enumtypid JOIN spaces n ON n.oid = typnamespace GROUP BY 1, 2
UNION ALL SELECT 's', r.name, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle),
    (SELECT string_agg(refobjid::regclass::text || refobjsubid, ',') FROM pg_depend d WHERE d.objid = r.oid AND d.deptype IN ('a', 'i'))
    FROM pg_sequence JOIN relations r ON r.oid = seqrelid
ORDER BY 1, 2, 3, 4
"""


class Chain:
    """One chain on the database."""

    def __init__(self, database, request):
        self.database = database
        self.request = request
        self.code = {}

    def direction(self, revision, name):
        """Runs a function of a script, which is loaded anew for each run as it is for each command."""
        scope = {"__name__": revision["id"]}
        code = self.code.get(revision["id"]) or compile(revision["text"], revision["id"], "exec")
        self.code[revision["id"]] = code
        try:
            exec(code, scope)
        except Exception as error:
            return described(error)
        return self.database.run(scope[name])

    def stage(self, revision, name, stage, actions):
        """One run. `actions` is what was done since the chain began, and then this as well."""
        aside = revision["aside"].get(stage)
        kept = self.database.keep(self.database.state()) if aside else None
        first = error = self.direction(revision, name)
        if first and aside:
            # A failure leaves what was done before it on SQLite, and what an autocommit block has done on PostgreSQL.
            self.database.restore(kept, list(actions))
            error = self.database.load(aside)
            actions.append(lambda: self.database.load(aside))
            if error is None:
                error = self.direction(revision, name)
        actions.append(lambda: self.direction(revision, name))
        return {"first": first, "error": error, **self.database.state()}

    def run(self):
        database, done, revisions = self.database, [], []
        database.reset()
        for revision in self.request["revisions"]:
            answer = {"seed": database.load(revision["seed"]), "before": database.state(), "down": None, "again": None}
            done.append(lambda revision=revision: database.load(revision["seed"]))
            answer["up"] = self.stage(revision, "upgrade", "up", done)
            if answer["up"]["error"] is None:
                kept = database.keep({key: answer["up"][key] for key in ("schema", "rows")})
                actions = list(done)
                answer["down"] = self.stage(revision, "downgrade", "down", actions)
                if answer["down"]["error"] is None:
                    answer["again"] = self.stage(revision, "upgrade", "again", actions)
                database.restore(kept, done)
            revisions.append(answer)
        return numbered(revisions)


def numbered(revisions):
    """The answer with each schema written once."""
    schemas, numbers = [], {}
    for revision in revisions:
        for state in revision.values():
            if isinstance(state, dict) and "schema" in state:
                schema = state["schema"]
                if id(schema) not in numbers:
                    numbers[id(schema)] = len(schemas)
                    schemas.append(schema)
                state["schema"] = numbers[id(schema)]
    return {"schemas": schemas, "revisions": revisions}


def main(dialect):
    database = Sqlite() if dialect == "sqlite" else Postgres(postgres.start())
    for line in sys.stdin:
        database.reflected.clear() if len(database.reflected) > 5000 else None
        print(json.dumps(Chain(database, json.loads(line)).run()), file=answers, flush=True)


main(sys.argv[1])
