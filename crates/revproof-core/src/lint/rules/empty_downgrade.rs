use super::missing_downgrade::indented;
use super::partial_downgrade;
use crate::diagnostic::Severity;
use crate::lint::undo::undo_all;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::replay::{Restores, RunStatus};
use crate::schema::{Difference, DifferenceKind};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a `downgrade()` that does nothing (`pass`, a docstring, a bare `return`) although the upgrade changed
    /// something. Where the upgrade changed rows only, could not be evaluated, or added values to an enum type, which
    /// no database takes back, it is a warning.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     pass
    /// ```
    ///
    /// ## Why it matters
    ///
    /// It is the worst kind of broken downgrade, because it works: Alembic sets `alembic_version` back and reports
    /// success, while the schema stays as it was. The next upgrade then fails on what is already there.
    ///
    /// A test that walks the whole chain down and up does not see it when an earlier revision's `drop_table` takes the
    /// evidence away; revproof looks at each revision by itself.
    ///
    /// ## What to do instead
    ///
    /// Take back what the upgrade did. If there is no way back on purpose, raise `NotImplementedError`, so that nobody
    /// is told that it worked.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP202 "empty-downgrade" {
        group: Downgrade,
        severity: Error,
        summary: "`downgrade()` does nothing although the upgrade changed something, and reports success",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions().filter(|revision| does_nothing(*revision)) {
        let restores = &revision.trace.restores;
        let upgrade = &revision.trace.upgrade;
        if upgrade.status == RunStatus::Failed || !upgrade.changes_something() {
            continue;
        }
        let only_values = only_enum_values(restores);
        let (what, severity) = if only_values && revision.trace.again.status != RunStatus::Failed {
            ("added values to an enum type", Severity::Warning)
        } else if !restores.schema_differences.is_empty() {
            ("changed the schema", Severity::Error)
        } else if upgrade.doubts.is_empty() {
            ("changed rows", Severity::Warning)
        } else {
            ("may have changed something", Severity::Warning)
        };
        let message = format!("`downgrade()` does nothing, but the upgrade {what}");
        let mut finding = RULE.finding_in(revision, Some(revision.downgrade_span()), message);
        finding.severity = severity;
        for done in revision.upgraded().filter(|done| done.is_ok() && !done.operation.kind.is_inert()) {
            finding = finding.label(done.operation.span, "this is not taken back");
        }
        // A table that is left behind says all about its columns and indexes.
        finding.labels.dedup_by_key(|label| label.span);
        finding = finding.note("Alembic records the downgrade as done and reports success");
        let again = &revision.trace.again;
        if let Some(failure) = again.failure.as_ref().filter(|_| again.status == RunStatus::Failed) {
            finding = finding.note(format!("upgrading again then fails: {}", failure.message));
        }
        let undo = undo_all(revision);
        let finding = finding.help(if only_values {
            CANT_TAKE_BACK.to_owned()
        } else if undo.is_empty() {
            "take back what the upgrade did, or raise NotImplementedError with the reason".to_owned()
        } else {
            format!("take it back:\n\ndef downgrade():\n{}", indented(&undo))
        });
        let finding = found.push(finding);
        finding.covers(&partial_downgrade::RULE).covers(&super::failing_reupgrade::RULE);
        finding.covers(&super::leftover_enum::RULE).covers(&super::lossy_downgrade::RULE);
    }
}

/// What to do about a value of an enum type.
pub(super) const CANT_TAKE_BACK: &str = "PostgreSQL can't take a value out of an enum type: raise NotImplementedError, \
     or make a new type without the value, convert the columns and drop the old one";

/// Whether all that differs are values that enum types have gained.
pub(super) fn only_enum_values(restores: &Restores) -> bool {
    let differences = &restores.schema_differences;
    let of_enum = |difference: &Difference| {
        difference.kind == DifferenceKind::Changed
            && difference.part.is_none()
            && difference.sentence.starts_with("type ")
    };
    !differences.is_empty() && differences.iter().all(of_enum)
}

/// Whether the downgrade is empty, or came to its end without touching the database.
pub(super) fn does_nothing(revision: Revision<'_>) -> bool {
    let run = &revision.trace.downgrade;
    match run.status {
        RunStatus::Empty => true,
        RunStatus::Ok => run.steps.is_empty() && run.doubts.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::findings;

    #[test]
    fn an_earlier_drop_table_hides_nothing() {
        let text = "# file: a.py\ndef upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), \
             primary_key=True))\n\ndef downgrade():\n    op.drop_table('users')\n# file: b.py\ndef upgrade():\n    \
             op.add_column('users', sa.Column('email', sa.String(80)))\n\ndef downgrade():\n    pass\n";
        assert_eq!(findings(text), ["empty-downgrade: downgrade"]);
    }

    #[test]
    fn an_upgrade_that_only_looks_needs_no_downgrade() {
        let text = "def upgrade():\n    op.execute('SET lock_timeout = 1000')\n\ndef downgrade():\n    pass\n";
        assert_eq!(findings(text), [""; 0]);
    }

    #[test]
    fn a_view_that_may_not_be_refreshed_needs_no_downgrade_either() {
        let made = "# file: a.py\ndef upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))\n    \
             op.execute(\"CREATE MATERIALIZED VIEW m AS SELECT id, pg_backend_pid() AS p FROM t\")\n\ndef downgrade():\n    \
             op.execute('DROP MATERIALIZED VIEW m')\n    op.drop_table('t')\n# file: b.py\n";
        let with = |sql: &str| format!("{made}def upgrade():\n    op.execute('{sql}')\n\ndef downgrade():\n    pass\n");
        let refreshed = findings(&with("REFRESH MATERIALIZED VIEW m"));
        assert!(!refreshed.iter().any(|found| found.starts_with("empty-downgrade")), "{refreshed:?}");
        let more = findings(&with("REFRESH MATERIALIZED VIEW m; UPDATE t SET id = pg_backend_pid() + id"));
        assert!(more.iter().any(|found| found.starts_with("empty-downgrade")), "{more:?}");
    }

    #[test]
    fn a_value_of_an_enum_type_stays() {
        let text = "# file: a.py\ndef upgrade():\n    op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")\n\ndef \
             downgrade():\n    op.execute('DROP TYPE mood')\n# file: b.py\ndef upgrade():\n    op.execute(\"ALTER TYPE \
             mood ADD VALUE IF NOT EXISTS 'ok'\")\n\ndef downgrade():\n    pass\n";
        assert_eq!(findings(text), ["empty-downgrade: downgrade"]);
    }
}
