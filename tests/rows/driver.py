"""Executes SQL on the real PostgreSQL and SQLite and says what came of it.

Reads requests from stdin, one JSON object a line: the dialect, the statements of the set-up, and those of the case.
Answers each with a line of JSON: what each statement gave until one failed, and what all tables hold afterwards. Values
are text as the server prints it, beside the name of their type, so that nothing is lost on the way.
"""

import json
import os
import sqlite3
import sys

import psycopg2
import psycopg2.extensions

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import postgres


class Postgres:
    def __init__(self):
        self.connection = psycopg2.connect(host=postgres.start(), user=postgres.USER, dbname="postgres")
        self.cursor = self.connection.cursor()
        self.cursor.execute("SELECT oid, typname FROM pg_type")
        # The types that a case makes, which are all enums, have no name here.
        self.types = dict(self.cursor.fetchall())
        # Every value as the text that the server sends.
        as_text = psycopg2.extensions.new_type(tuple(self.types), "AS_TEXT", lambda value, _: value)
        psycopg2.extensions.register_type(as_text)
        self.connection.rollback()

    def run(self, setup, steps):
        try:
            for statement in setup:
                self.cursor.execute(statement)
            answers = until_failure(self.step, steps)
            if "error" not in answers[-1]:
                # What is deferred to the end of the transaction.
                end = self.step("SET CONSTRAINTS ALL IMMEDIATE")
                answers[-1] = end if "error" in end else answers[-1]
            return answers, self.tables()
        finally:
            self.connection.rollback()

    def step(self, statement):
        self.cursor.execute("SAVEPOINT step")
        try:
            self.cursor.execute(statement)
        except psycopg2.Error as error:
            state = error.pgcode
            self.cursor.execute("ROLLBACK TO step")
            return {"error": str(error).strip(), "state": state}
        return self.answer()

    def answer(self):
        if self.cursor.description is None:
            return {"count": self.cursor.rowcount}
        columns = [[column.name, self.types.get(column.type_code, "enum")] for column in self.cursor.description]
        return {"columns": columns, "rows": self.cursor.fetchall()}

    def tables(self):
        self.cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (name,) in self.cursor.fetchall():
            self.cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = self.answer()
        return found


class Sqlite:
    def run(self, setup, steps):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            for statement in setup:
                self.connection.execute(statement)
            return until_failure(self.step, steps), self.tables()
        finally:
            self.connection.close()

    def step(self, statement):
        try:
            return self.answer(statement)
        except sqlite3.Error as error:
            return {"error": str(error), "state": ""}

    def answer(self, statement):
        cursor = self.connection.execute(statement)
        # Within ALTER TABLE, SQLite runs a query of its own, which shows through.
        if cursor.description is None or statement.upper().startswith("ALTER"):
            return {"count": cursor.rowcount}
        rows = [[as_text(value) for value in row] for row in cursor.fetchall()]
        return {"columns": [[column[0], "?"] for column in cursor.description], "rows": rows}

    def tables(self):
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
        names = [row[0] for row in self.connection.execute(listed)]
        return {name: self.answer(f'SELECT * FROM "{name}"') for name in names}


def as_text(value):
    """A value of SQLite's with its storage class in front, which is all the type that it has."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return "blob:" + value.hex()
    if isinstance(value, float):
        return f"real:{value!r}"
    return f"integer:{value}" if isinstance(value, int) else f"text:{value}"


def until_failure(step, statements):
    answers = []
    for statement in statements:
        answers.append(step(statement))
        if "error" in answers[-1]:
            break
    return answers


def main():
    servers = {"postgresql": Postgres(), "sqlite": Sqlite()}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            steps, tables = servers[request["dialect"]].run(request["setup"], request["steps"])
            answer = {"steps": steps, "tables": tables}
        except (psycopg2.Error, sqlite3.Error) as error:
            answer = {"broken": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
