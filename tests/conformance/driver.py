"""Runs command lines of the real Alembic and Flask-Migrate, many in one process.

Each line of stdin is a request, an object of JSON:

    {"root": "the project's folder", "face": "alembic" or "flask", "steps": [["upgrade", "head"], ...]}

The steps are run one after the other in that folder. Each line of stdout is the answer, a list with an object per step:

    stdout    what the command printed
    log       what it logged at INFO and above, without the lines that every run has
    warnings  the warnings that it gave
    exit      the exit code that the process would have had
    raised    where it would have died with a traceback: "Class: message"; else null
    rows      the rows of alembic_version in db.sqlite afterwards; null where there is no such table
"""

import io
import json
import logging
import logging.config
import os
import sqlite3
import sys
import warnings


class Stream(io.StringIO):
    """A stdout that can be emptied; Alembic keeps the one that was there when it was imported."""

    encoding = "utf-8"

    def take(self):
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
sys.stdout = stream = Stream()
sys.dont_write_bytecode = True

import flask.cli  # noqa: E402
from alembic.config import CommandLine  # noqa: E402
from flask import Flask  # noqa: E402
from flask_migrate import Migrate  # noqa: E402
from flask_sqlalchemy import SQLAlchemy  # noqa: E402

# What every run logs, whatever it does.
CONSTANT = ("Loading config from file", "Context impl ", "Generating static SQL", "Will assume ", "setting up autogenerate plugin")


class Log(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        message = record.getMessage()
        if not message.startswith(CONSTANT):
            self.lines.append(message)


log = Log()
logging.getLogger().addHandler(log)
for name in ("alembic", "flask_migrate"):
    logging.getLogger(name).setLevel(logging.INFO)
# An env.py sets up its own logging, which would take the handler away.
logging.config.fileConfig = lambda *arguments, **options: None


def alembic(words):
    CommandLine(prog="alembic").main(argv=words)


def flask_db(words):
    """`flask db`, on the `app` of the project's app.py where it has one, else on an app without models."""
    if os.path.exists("app.py"):
        space = {"__name__": "app", "__file__": os.path.abspath("app.py")}
        with open("app.py", encoding="utf-8") as file:
            exec(compile(file.read(), "app.py", "exec"), space)
        app = space["app"]
    else:
        app = Flask("app", root_path=os.getcwd())
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.abspath("db.sqlite")
        Migrate(app, SQLAlchemy(app))
    info = flask.cli.ScriptInfo(create_app=lambda: app)
    app.cli.main(args=["db", *words], prog_name="flask", obj=info)


FACES = {"alembic": alembic, "flask": flask_db}


def rows():
    if not os.path.exists("db.sqlite"):
        return None
    connection = sqlite3.connect("db.sqlite")
    try:
        return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()


def run(face, words):
    modules = set(sys.modules)
    log.lines = []
    code, raised = 0, None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            FACES[face](words)
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
        except BaseException as error:
            code, raised = 1, f"{type(error).__name__}: {error}"
    # What one project imports from its own folder, another has under the same name.
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(os.getcwd()):
            del sys.modules[name]
    return {
        "stdout": stream.take(),
        "log": log.lines,
        "warnings": [str(warning.message) for warning in warned],
        "exit": code & 0xFF,
        "raised": raised,
        "rows": rows(),
    }


def main():
    for line in sys.stdin:
        request = json.loads(line)
        os.chdir(request["root"])
        path = list(sys.path)
        steps = [run(request["face"], words) for words in request["steps"]]
        sys.path[:] = path
        os.chdir("/")
        print(json.dumps(steps), file=answers, flush=True)


# argparse and click would explain what is wrong with a command line here, which nobody reads.
sys.stderr = io.StringIO()
main()
