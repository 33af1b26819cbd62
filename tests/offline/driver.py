"""Runs script bodies in Alembic's offline mode and prints what came of each.

Reads a list of cases as JSON from stdin and writes a list of the same length to stdout.
"""

import io
import json
import re
import sys
import warnings

import alembic.op
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import mysql, postgresql, sqlite

warnings.simplefilter("ignore")

DIALECTS = {"postgresql": postgresql.psycopg2, "sqlite": sqlite.pysqlite, "mysql": mysql.pymysql}


def run(case):
    paramstyle = case.get("paramstyle")
    options = {"paramstyle": paramstyle} if paramstyle else {}
    dialect = DIALECTS[case["dialect"]].dialect(**options)
    out = io.StringIO()
    opts = {"as_sql": True, "output_buffer": out, "literal_binds": case.get("literal_binds", True)}
    if case.get("naming_convention"):
        opts["target_metadata"] = sa.MetaData(naming_convention=case["naming_convention"])
    context = MigrationContext.configure(dialect=dialect, opts=opts)
    scope = {}
    error = None
    with Operations.context(context):
        try:
            exec(compile(case["text"], case["name"], "exec"), scope)
            scope["upgrade"]()
        except Exception as raised:
            error = {"class": type(raised).__name__, "message": clean(str(raised))}
    return {"text": out.getvalue(), "error": error}


def clean(message):
    """Without the address of an object and the link to the manual, which differ from run to run and from release to release."""
    message = re.sub(r" at 0x[0-9a-f]+", "", message)
    return re.sub(r"\s*\(Background on this error at: .*", "", message, flags=re.S)


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
