use crate::alembic::Script;
use crate::diagnostic::Severity;
use crate::history::{History, RevisionId};
use crate::lint::context::title;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a chain that ends in more than one head: two revisions have the same parent and nothing merges them.
    /// It names each head and the revision where the lines part.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// revision = 'add_email'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// # file: add_phone.py
    /// revision = 'add_phone'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'phone')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `flask db upgrade` and `alembic upgrade head` refuse to run: *Multiple head revisions are present for given
    /// argument 'head'*. It happens when two branches of the code each add a migration and both are merged; each is
    /// fine alone, so no review of one of them shows it, and the deployment is the first to fail.
    ///
    /// Heads that each stand on a line with a branch label of its own are reported as information only: that is how
    /// Alembic's independent branches look, and `upgrade heads` runs them.
    ///
    /// ## What to do instead
    ///
    /// Merge the heads with `flask db merge` (`alembic merge`), or give the newer one the other as its
    /// `down_revision` if it has not been deployed yet.
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
    /// # file: add_phone.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'phone')
    /// ```
    RP101 "multiple-heads" {
        group: Graph,
        severity: Error,
        summary: "the chain ends in several heads, so `upgrade head` refuses to run",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let history = &cx.chain.history;
    // In order of application, so that the finding stands at the head that came last.
    let mut heads = history.heads();
    heads.sort_by_key(|head| cx.place(*head));
    let scripts: Vec<&Script> = heads.iter().filter_map(|head| cx.script(*head)).collect();
    let Some((last, others)) = scripts.split_last().filter(|(_, others)| !others.is_empty()) else { return };
    let names: Vec<&str> = scripts.iter().map(|script| &*script.revision).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("{} heads: {}; `upgrade head` refuses to run", names.len(), quoted.join(", "));
    let mut finding = RULE.finding(Some(last.revision_span), message).in_revision(&*last.revision);
    for script in others {
        finding = finding.label(script.revision_span, format!("head {}", title(script)));
    }
    if let Some(parting) = parting(cx, &heads).and_then(|id| cx.script(id)) {
        finding = finding.label(parting.revision_span, "the lines part here");
    }
    if heads.iter().all(|head| has_own_label(history, *head, &heads)) {
        finding.severity = Severity::Info;
        found.push(finding.help("each head is on a labelled branch of its own: run `flask db upgrade heads`"));
        return;
    }
    found.push(finding.help(format!(
        "merge them: `flask db merge -m \"merge heads\" {}`; or, if the newer one is not deployed yet, set its \
         `down_revision` to the other",
        names.join(" ")
    )));
}

/// The last revision that all heads build on.
fn parting(cx: &Context<'_>, heads: &[RevisionId]) -> Option<RevisionId> {
    let lines: Vec<_> = heads.iter().map(|head| cx.chain.history.ancestors(&[*head])).collect();
    let mut order = cx.chain.trace.revisions.iter().rev().map(|trace| trace.revision);
    order.find(|id| lines.iter().all(|line| line.contains(*id)))
}

/// Whether a head is on a branch with a label that no other head has.
fn has_own_label(history: &History, head: RevisionId, heads: &[RevisionId]) -> bool {
    let labels = |head: RevisionId| history.get(head).map(|node| node.branches.as_slice()).unwrap_or_default();
    let is_taken = |label| heads.iter().any(|other| *other != head && labels(*other).contains(label));
    labels(head).iter().any(|label| !is_taken(label))
}
