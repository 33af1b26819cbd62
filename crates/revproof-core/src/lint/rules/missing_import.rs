use crate::diagnostic::Severity;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::op::FailureKind;
use crate::replay::{Run, RunStatus};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a name that a script uses and never imports or defines.
    ///
    /// ```python bad
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table(
    ///         'users',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Python notices only when the line runs: *NameError: name 'sqlmodel' is not defined*. `flask db migrate` writes
    /// the types of other packages (`sqlmodel`, `geoalchemy2`, `sqlalchemy_utils`) without their imports, and a bare
    /// `Text()` where the model imported it by name. In a downgrade it may stay unnoticed for years. Where neither
    /// direction comes to the line, it is a warning.
    ///
    /// ## What to do instead
    ///
    /// Import the name. What every new script needs belongs into `script.py.mako`, or use `render_item` in `env.py`.
    ///
    /// ```python good
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table(
    ///         'users',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('name', sa.String(), nullable=False),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP406 "missing-import" {
        group: Intent,
        severity: Error,
        summary: "a script uses a name that it never imports or defines",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let unbound = &revision.script.unbound_names;
        let mut told: Vec<&str> = Vec::new();
        for (name, span) in unbound {
            if told.contains(&name.as_str()) {
                continue;
            }
            told.push(name);
            let uses = unbound.iter().filter(|(other, _)| other == name).map(|(_, span)| *span);
            report(revision, name, *span, uses.skip(1), found);
        }
    }
}

fn report(revision: Revision<'_>, name: &str, span: Span, others: impl Iterator<Item = Span>, found: &mut Findings) {
    let message = format!("the name `{name}` is used, but never imported or defined");
    let mut finding = RULE.finding_in(revision, Some(span), message).help(help(name));
    for other in others.take(3) {
        finding = finding.label(other, "here too");
    }
    let trace = revision.trace;
    if [&trace.upgrade, &trace.downgrade].into_iter().all(|run| run.status == RunStatus::Ok) {
        finding.severity = Severity::Warning;
        finding = finding.note("neither direction comes to this line here");
    } else {
        finding = finding.note(format!("NameError: name '{name}' is not defined"));
    }
    let finding = found.push(finding);
    for run in [&trace.upgrade, &trace.downgrade, &trace.again] {
        let Some(span) = run.failure_span.filter(|_| undefined(run) == Some(name)) else { continue };
        finding
            .covers_at(&super::failing_upgrade::RULE, span)
            .covers_at(&super::failing_downgrade::RULE, span)
            .covers_at(&super::failing_reupgrade::RULE, span);
    }
}

/// The name that ended a run because nothing binds it.
fn undefined(run: &Run) -> Option<&str> {
    let failure = run.failure.as_ref().filter(|failure| failure.kind == FailureKind::Script)?;
    let (_, rest) = failure.message.split_once("name '")?;
    rest.split_once("' is not defined").map(|(name, _)| name)
}

/// The import that is most likely missing.
fn help(name: &str) -> String {
    let import = match name {
        "sa" => "import sqlalchemy as sa".to_owned(),
        "op" => "from alembic import op".to_owned(),
        "postgresql" | "mysql" | "sqlite" => format!("from sqlalchemy.dialects import {name}"),
        "Text" => "from sqlalchemy import Text".to_owned(),
        _ if name.starts_with(char::is_uppercase) => {
            return format!("import it: from sqlalchemy import {name}, or from the package that defines it");
        }
        _ => format!("import {name}"),
    };
    format!("import it at the head of the script:\n\n{import}")
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::findings;

    #[test]
    fn a_bare_type_in_a_downgrade_is_found_once() {
        let text = "def upgrade():\n    op.create_table('notes', sa.Column('a', sa.Text()))\n\ndef downgrade():\n    \
             op.alter_column('notes', 'a', type_=Text(), existing_type=Text())\n    op.drop_table('notes')\n";
        assert_eq!(findings(text), ["missing-import: Text"]);
    }

    #[test]
    fn what_is_bound_anywhere_is_no_finding() {
        let text = "from sqlalchemy import Text\nfrom alembic import op\nimport sqlalchemy as sa\n\nNAMES = ['a']\n\ndef \
             upgrade():\n    op.create_table('notes', *[sa.Column(name, Text()) for name in NAMES])\n\ndef \
             downgrade():\n    op.drop_table('notes')\n";
        assert_eq!(findings(text), [""; 0]);
    }
}
