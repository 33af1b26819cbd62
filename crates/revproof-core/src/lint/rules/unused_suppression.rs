use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a `# revproof: ignore[…]` comment that hides nothing: the finding is gone, stands elsewhere, or the
    /// rule's name is misspelt.
    ///
    /// ```python bad
    /// def upgrade():
    ///     # revproof: ignore[drop-column] nobody reads it any more
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// A suppression that hides nothing today may hide something tomorrow that nobody has looked at. And one with a
    /// misspelt name seems to work until the finding turns up again.
    ///
    /// A comment about a rule that is switched off by `--ignore` or the configuration is left alone.
    ///
    /// ## What to do instead
    ///
    /// Remove the comment, or the name from its list. A comment reaches the statement on its own line; alone on a
    /// line it reaches the next one; before the first statement after the docstring it reaches the whole file.
    ///
    /// ```python good
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP111 "unused-suppression" {
        group: Graph,
        severity: Warning,
        summary: "a `# revproof: ignore[…]` comment hides nothing",
    }
}

/// What the other rules found must be known first, so [`crate::lint::run()`] reports these itself.
fn check(_: &Context<'_>, _: &mut Findings) {}
