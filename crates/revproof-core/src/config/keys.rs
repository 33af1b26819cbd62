//! The settings that exist.

/// A setting of the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What holds where it is not set.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
    /// A line that sets it.
    pub example: &'static str,
}

/// Every setting, in the order of the manual.
pub const KEYS: &[Key] = &[
    Key {
        name: "dialect",
        takes: "`postgresql`, `sqlite` or `mysql`",
        default: "that of `sqlalchemy.url`, else what the scripts import, else `postgresql`",
        about: "The database whose behaviour the replay follows.",
        example: "dialect = \"postgresql\"",
    },
    Key {
        name: "rows",
        takes: "`seeded`, `none` or the path of a `.sql` file of INSERT statements",
        default: "`seeded`",
        about: "The rows that the replay runs on. Without rows, a NOT NULL column on a full table looks harmless. \
                A path is relative to the configuration file.",
        example: "rows = \"seeded\"",
    },
    Key {
        name: "environ",
        takes: "a table of variable to its value, or to `false` where it is not set",
        default: "none: a variable that is not declared is not known",
        about: "The environment variables that the migrations run with, as `os.environ` and `os.getenv()` give them. \
                revproof never reads those of the machine that it runs on, so that it says the same everywhere; a \
                revision that reads a variable which is not declared here has the verdict `unknown`. The arguments \
                `--environ NAME=VALUE` and `--unset-environ NAME` hold over it.",
        example: "environ = { APP_ENV = \"production\", DEBUG = false }",
    },
    Key {
        name: "select",
        takes: "a list of rule names, codes or prefixes of codes",
        default: "every rule",
        about: "The rules to report.",
        example: "select = [\"RP2\", \"column-rename\"]",
    },
    Key {
        name: "ignore",
        takes: "a list of rule names, codes or prefixes of codes",
        default: "none",
        about: "Rules not to report. `ignore` wins over `select`.",
        example: "ignore = [\"unnamed-constraint\"]",
    },
    Key {
        name: "severity",
        takes: "a table of rule name or code to `error`, `warning` or `info`",
        default: "each rule's own",
        about: "How bad a finding of a rule is.",
        example: "severity = { drop-column = \"error\" }",
    },
    Key {
        name: "fail-on",
        takes: "`error`, `warning` or `never`",
        default: "`error`",
        about: "The lowest severity that makes `revproof check` exit with 1.",
        example: "fail-on = \"warning\"",
    },
    Key {
        name: "page",
        takes: "the address of a page",
        default: "`http://127.0.0.1:8000/`",
        about: "The playground that the links of `revproof share` and of reports open: that of your own network, for one. \
                What a link holds stands behind its `#` and is never sent to it.",
        example: "page = \"https://example.org/revproof/\"",
    },
    Key {
        name: "naming-convention",
        takes: "a table with the keys `ix`, `uq`, `ck`, `fk` and `pk`, as `MetaData(naming_convention=…)` takes it",
        default: "what the project's models or `env.py` show",
        about: "The names that constraints and indexes without a name get.",
        example: "naming-convention = { uq = \"uq_%(table_name)s_%(column_0_name)s\" }",
    },
];
