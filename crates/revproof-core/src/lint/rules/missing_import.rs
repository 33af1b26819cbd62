use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::op::FailureKind;
use crate::replay::{Run, RunStatus};

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
    /// `Text()` where the model imported it by name. In a downgrade it may stay unnoticed for years.
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
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            let Some(name) = undefined(run) else { continue };
            report(revision, run, name, found);
        }
    }
}

fn report(revision: Revision<'_>, run: &Run, name: &str, found: &mut Findings) {
    let message = format!("the name `{name}` is used, but never imported or defined");
    let span = run.failure_span.unwrap_or(revision.script.revision_span);
    let finding = RULE.finding_in(revision, Some(span), message);
    found
        .push(finding.note(format!("NameError: name '{name}' is not defined")).help(help(name)))
        .covers_at(&super::failing_upgrade::RULE, span)
        .covers_at(&super::failing_downgrade::RULE, span)
        .covers_at(&super::failing_reupgrade::RULE, span);
}

/// The name that ended a run because nothing binds it.
fn undefined(run: &Run) -> Option<&str> {
    let failure = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed)?;
    let message = Some(&failure.message).filter(|_| failure.kind == FailureKind::Script)?;
    let (_, rest) = message.split_once("name '")?;
    rest.strip_suffix("' is not defined").or_else(|| rest.split_once("' is not defined").map(|(name, _)| name))
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
