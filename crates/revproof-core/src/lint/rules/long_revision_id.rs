use crate::diagnostic::Severity;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::op::OpKind;
use crate::schema::Dialect;

/// The width of `alembic_version.version_num`.
const WIDTH: usize = 32;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a revision identifier of more than 32 characters.
    ///
    /// ```python bad
    /// # file: users.py
    /// revision = '2024_11_20_create_the_table_of_users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic keeps the identifier in `alembic_version.version_num`, a `VARCHAR(32)`. PostgreSQL and MySQL refuse
    /// the longer value after the migration has done its work: *value too long for type character varying(32)*.
    /// SQLite does not look at lengths, so a test on SQLite passes.
    ///
    /// A chain that widens the column itself is left alone.
    ///
    /// ## What to do instead
    ///
    /// Shorten `revision` before anyone has applied it, and put the rest into the file name and the message.
    ///
    /// ```python good
    /// # file: users.py
    /// revision = '2024_11_20_users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP108 "long-revision-id" {
        group: Graph,
        severity: Error,
        summary: "a revision identifier is longer than the 32 characters that `alembic_version` holds",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let long = cx.chain.scripts.iter().filter(|script| script.revision.chars().count() > WIDTH);
    let long: Vec<_> = long.collect();
    if long.is_empty() || widens_version_table(cx) {
        return;
    }
    for script in long {
        let length = script.revision.chars().count();
        let message =
            format!("the identifier has {length} characters, but `alembic_version.version_num` holds {WIDTH}");
        let mut finding = RULE.finding(Some(script.revision_span), message).in_revision(&*script.revision);
        if cx.chain.dialect == Dialect::Sqlite {
            finding.severity = Severity::Warning;
            finding = finding.note("SQLite does not look at lengths; PostgreSQL and MySQL refuse it");
        }
        found.push(finding.help("shorten `revision`, here and in the `down_revision` of the scripts that follow it"));
    }
}

fn widens_version_table(cx: &Context<'_>) -> bool {
    cx.revisions().flat_map(Revision::upgraded).any(|done| match &done.operation.kind {
        OpKind::AlterColumn { table, column, .. } => &*table.name == "alembic_version" && &**column == "version_num",
        OpKind::CreateTable { table, .. } => &*table.name.name == "alembic_version",
        _ => false,
    })
}
