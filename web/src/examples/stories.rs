//! [`EXAMPLES`]: which chains there are, and what each is about.

use revproof_messages::Tab;

/// A sample chain with its story.
#[derive(Debug)]
pub(crate) struct Example {
    /// Its name in a link.
    pub(crate) slug: &'static str,
    /// Its folder.
    pub(crate) chain: &'static str,
    /// Its title.
    pub(crate) title: &'static str,
    /// What happens, in one sentence.
    pub(crate) story: &'static str,
    /// The revision that it is about.
    pub(crate) revision: &'static str,
    /// The moves that step it to what it shows: `up TARGET`, `down TARGET`.
    pub(crate) steps: &'static [&'static str],
    /// The tab that shows it.
    pub(crate) tab: Tab,
}

/// The examples, the most telling first.
pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        slug: "phonebook",
        chain: "phonebook",
        title: "The rename that ate the phone numbers",
        story: "A column should have been renamed; autogenerate wrote an add and a drop, and every number is gone.",
        revision: "4e97a20fd6b8",
        steps: &["up head", "down -1"],
        tab: Tab::Rows,
    },
    Example {
        slug: "two-heads",
        chain: "two_heads",
        title: "Two clean pull requests, one broken deploy",
        story: "Two branches, each fine by itself, revise the same revision: alembic upgrade head refuses to run.",
        revision: "c5e2081fa9d7",
        steps: &["up c5e2081fa9d7"],
        tab: Tab::Schema,
    },
    Example {
        slug: "says-it-worked",
        chain: "says_it_worked",
        title: "The downgrade that says it worked",
        story: "Downgrades that end without an error, and yet leave a table, a type and an index as they were.",
        revision: "b92e6fa4107d",
        steps: &["up b92e6fa4107d", "down -1"],
        tab: Tab::Schema,
    },
    Example {
        slug: "not-null",
        chain: "not_null_on_rows",
        title: "Works on an empty database",
        story: "NOT NULL and UNIQUE that pass in tests without rows, and stop on a server that has some.",
        revision: "f28c71d4e09b",
        steps: &["up f28c71d4e09b"],
        tab: Tab::Rows,
    },
    Example {
        slug: "enum",
        chain: "enum_that_would_not_die",
        title: "The enum that would not die",
        story: "drop_table leaves the enum type behind, so that the next upgrade fails on it.",
        revision: "2e8f94c0b7d1",
        steps: &["up 2e8f94c0b7d1", "down base"],
        tab: Tab::Schema,
    },
    Example {
        slug: "sqlite",
        chain: "notes_on_sqlite",
        title: "What SQLite can't alter",
        story: "A constraint is added without batch_alter_table: the dialect is read from the URL, and refuses.",
        revision: "7f64a1d8e0c5",
        steps: &["up head"],
        tab: Tab::Schema,
    },
    Example {
        slug: "helpers",
        chain: "data_with_helpers",
        title: "Loops, helpers and rows",
        story: "Scripts that read and write rows with helper functions: all of it is evaluated, and comes back.",
        revision: "08e6f2b9a51d",
        steps: &["up head"],
        tab: Tab::Rows,
    },
    Example {
        slug: "shop",
        chain: "shop",
        title: "A shop that does it right",
        story: "Keys, an enum made and dropped by hand, a backfill, a merge: every revision comes back, with rows.",
        revision: "f7136b0d8ea2",
        steps: &["up head"],
        tab: Tab::Schema,
    },
];
