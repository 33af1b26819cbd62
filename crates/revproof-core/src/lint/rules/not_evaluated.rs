use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Says what of a revision could not be evaluated or simulated, where, and why. All of it is one finding per
    /// revision.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: anything.py
    /// def upgrade():
    ///     op.execute("DO $$ BEGIN LOOP EXIT; END LOOP; END $$")
    ///
    /// def downgrade():
    ///     op.execute("DO $$ BEGIN LOOP EXIT; END LOOP; END $$")
    /// ```
    ///
    /// ## Why it matters
    ///
    /// revproof runs no code: it works out what a script does. What depends on an environment variable that is not
    /// declared, a third-party package or a procedural block of SQL it can't know, and it does not guess. The verdict of such a revision is
    /// `unknown`, never a pass, and this finding says on which line that rests.
    ///
    /// ## What to do instead
    ///
    /// Nothing, if the line is right; then this part needs a test on a real database. Often it can be written so that
    /// it can be proved: constants instead of settings, plain statements instead of a block.
    ///
    /// An environment variable can be declared, as the migrations will find it: `environ = { APP_ENV = "production" }`
    /// in the [settings](../configuration.md), with `false` for one that is not set, or `--environ APP_ENV=production`
    /// on the command line.
    ///
    /// ```python good
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP704 "not-evaluated" {
        group: Proof,
        severity: Info,
        summary: "something in this revision could not be evaluated, so it is not proved",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let roots = roots(revision);
        let Some(((why, first), rest)) = roots.split_first() else { continue };
        let message = match rest.len() {
            0 => format!("not evaluated: {why}"),
            n => format!("not evaluated: {why} (and {n} more)"),
        };
        // A helper module is explained from the script that calls it.
        let is_own = first.file == revision.script.file;
        let span = if is_own { *first } else { revision.upgrade_span() };
        let mut finding = RULE.finding_in(revision, Some(span), message);
        if !is_own {
            finding = finding.label(*first, *why);
        }
        for (why, place) in rest.iter().take(SHOWN) {
            finding = finding.label(*place, *why);
        }
        if let Some(variable) = roots.iter().find_map(|(why, _)| undeclared(why)) {
            finding = finding.note(format!(
                "declare what the migrations run with: `environ = {{ {variable} = \"…\" }}` in the settings (`false` \
                 where it is not set), or `--environ {variable}=…`"
            ));
        }
        found.push(finding.note("what rests on it is not proved; test it on a real database"));
    }
}

/// How many reasons beside the first are shown; a script that asks its environment has one per line.
const SHOWN: usize = 5;

/// The reasons why a revision is not known, each at the first place where it arises. What only follows from another
/// doubt is left out, and so is that a table is merely assumed to exist, which is said once for the table.
fn roots(revision: Revision<'_>) -> Vec<(&str, Span)> {
    let trace = revision.trace;
    let mut roots: Vec<(&str, Span)> = Vec::new();
    for doubt in [&trace.upgrade, &trace.downgrade, &trace.again].into_iter().flat_map(|run| &run.doubts) {
        let why = root(&doubt.why);
        let is_known = roots.iter().any(|(other, _)| *other == why);
        if !is_known && !why.ends_with("which no revision creates") {
            roots.push((why, doubt.span));
        }
    }
    roots
}

/// The environment variable that a reason says is not declared.
fn undeclared(why: &str) -> Option<&str> {
    why.strip_prefix("the environment variable ")?.strip_suffix(" is not declared")
}

/// The reason behind a doubt that follows from another one.
fn root(mut why: &str) -> &str {
    const FOLLOWS: [&str; 4] = [
        " may not be as it seems: ",
        "whether this is reached can't be decided: ",
        " was not simulated: ",
        " is not simulated: ",
    ];
    loop {
        let may_fail = why.strip_prefix("it may fail (").and_then(|rest| rest.split_once("): "));
        let behind = may_fail.or_else(|| FOLLOWS.iter().find_map(|mark| why.split_once(mark)));
        let Some((_, rest)) = behind else { return why };
        why = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn what_follows_from_a_doubt_is_the_same_doubt() {
        let because = "the environment variable APP_ENV is not declared";
        for why in [
            because.to_owned(),
            format!("`users` may not be as it seems: `op.execute` was not simulated: {because}"),
            format!("it may fail (relation \"a\" does not exist): {because}"),
            format!("whether this is reached can't be decided: {because}"),
        ] {
            assert_eq!(root(&why), because);
        }
    }
}
