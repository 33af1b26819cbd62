use super::empty_downgrade::{CANT_TAKE_BACK, only_enum_values};
use super::leftover_enum::is_leftover_enum;
use super::missing_downgrade::indented;
use crate::lint::origins::changer;
use crate::lint::repair::repair;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::replay::RunStatus;
use crate::schema::{Difference, DifferenceKind};

declare_rule! {
    /// ## What it does
    ///
    /// Compares the schema after upgrade and downgrade with the schema before, field by field, and names each thing
    /// that did not come back as it was, with the line of the upgrade that changed it. Types, nullability, defaults,
    /// constraint and index definitions and the actions of foreign keys count; the order of columns does not.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: index_email.py
    /// def upgrade():
    ///     op.alter_column('users', 'email', type_=sa.String(120), existing_type=sa.String(80))
    ///     op.create_index('ix_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_index('ix_users_email', table_name='users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The downgrade reports success, but the database is at neither revision: code of the older version meets a
    /// schema that it does not know, and the next upgrade starts from one that it was not written for.
    ///
    /// ## What to do instead
    ///
    /// Take back each change, in the reverse order of the upgrade.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: index_email.py
    /// def upgrade():
    ///     op.create_index('ix_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_index('ix_users_email', table_name='users')
    /// ```
    RP204 "partial-downgrade" {
        group: Downgrade,
        severity: Error,
        summary: "the downgrade does not bring back the schema that was before",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let trace = revision.trace;
        let ended = matches!(trace.downgrade.status, RunStatus::Ok | RunStatus::Empty | RunStatus::Unknown);
        if trace.restores.schema != Some(false) || !ended {
            continue;
        }
        let differences: Vec<&Difference> =
            trace.restores.schema_differences.iter().filter(|one| !is_leftover_enum(revision, one)).collect();
        let Some(first) = differences.first() else { continue };
        let message = match differences.len() {
            1 => format!("`downgrade()` does not restore the schema: {}", first.sentence),
            n => format!("`downgrade()` does not restore the schema: {n} things differ from before"),
        };
        let mut finding = RULE.finding_in(revision, Some(revision.downgrade_span()), message);
        if differences.len() > 1 {
            finding.notes.extend(differences.iter().map(|difference| difference.sentence.clone()));
        }
        for difference in &differences {
            let Some(done) = changer(revision, &difference.object, difference.part.as_deref()) else { continue };
            if finding.labels.iter().all(|label| label.span != done.operation.span) {
                finding = finding.label(done.operation.span, label(difference));
            }
        }
        let after = trace.downgrade.after.as_ref().unwrap_or(&trace.before);
        let code = repair(&differences, &trace.before.catalog, &after.catalog);
        let finding =
            if only_enum_values(&trace.restores) { finding.help(CANT_TAKE_BACK) } else { finding.help(help(&code)) };
        let finding = found.push(finding);
        if let Some(failure) = reupgrade_trips_on(revision, &differences) {
            finding.diagnostic.notes.push(format!("upgrading again then fails: {failure}"));
            finding.covers(&super::failing_reupgrade::RULE);
        }
    }
}

fn label(difference: &Difference) -> &'static str {
    match difference.kind {
        DifferenceKind::Missing => "what this took away is not brought back",
        DifferenceKind::Extra => "what this made is left behind",
        DifferenceKind::Changed => "what this changed is not as it was",
    }
}

fn help(code: &[String]) -> String {
    if code.is_empty() {
        return "let `downgrade()` take back each change, in the reverse order of the upgrade".to_owned();
    }
    format!("this is what `downgrade()` still has to do:\n\n{}", indented(code))
}

/// What the second upgrade fails with, if that is about one of the things that were not restored.
fn reupgrade_trips_on<'a>(revision: Revision<'a>, differences: &[&Difference]) -> Option<&'a str> {
    let again = &revision.trace.again;
    let failure = again.failure.as_ref().filter(|_| again.status == RunStatus::Failed)?;
    let is_about = |difference: &&Difference| {
        let part = difference.part.as_deref().and_then(|part| part.rsplit(' ').next());
        failure.object.as_ref() == Some(&difference.object) || part.is_some_and(|name| failure.message.contains(name))
    };
    differences.iter().any(is_about).then_some(&*failure.message)
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check as prove;
    use crate::schema::Dialect;

    /// What is said of a revision after one that makes a table of users.
    fn check(upgrade: &str, downgrade: &str) -> Vec<String> {
        let text = format!(
            "# file: a.py\ndef upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), \
             primary_key=True), sa.Column('age', sa.Integer()))\n\ndef downgrade():\n    op.drop_table('users')\n# file: \
             b.py\ndef upgrade():\n    {upgrade}\n\ndef downgrade():\n    {downgrade}\n"
        );
        let found = prove(&text, Dialect::PostgreSql).diagnostics;
        let own = found.into_iter().filter(|finding| finding.rule == super::RULE.id);
        own.flat_map(|finding| [finding.message, finding.help.unwrap_or_default()]).collect()
    }

    #[test]
    fn another_type_is_not_what_was_there() {
        assert_eq!(
            check("op.drop_column('users', 'age')", "op.add_column('users', sa.Column('age', sa.Text()))"),
            [
                "`downgrade()` does not restore the schema: column users.age is TEXT, was INTEGER",
                "this is what `downgrade()` still has to do:\n\n    op.alter_column('users', 'age', type_=sa.Integer())"
            ]
        );
    }

    #[test]
    fn a_forgotten_index_is_named_with_the_code_that_drops_it() {
        assert_eq!(
            check(
                "op.add_column('users', sa.Column('x', sa.Integer())); op.create_index('ix_age', 'users', ['age'])",
                "op.drop_column('users', 'x')"
            ),
            [
                "`downgrade()` does not restore the schema: index ix_age (age) on users is left over",
                "this is what `downgrade()` still has to do:\n\n    op.drop_index('ix_age', table_name='users')"
            ]
        );
    }
}
