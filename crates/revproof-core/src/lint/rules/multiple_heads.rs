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
    let heads: Vec<RevisionId> = history.nodes.iter().filter(|n| n.children.is_empty()).map(|n| n.id).collect();
    // In order of application, so that the finding stands at the head that came last.
    let order = |id: &RevisionId| cx.chain.trace.revisions.iter().position(|trace| trace.revision == *id);
    let mut scripts: Vec<(RevisionId, &Script)> = heads.iter().filter_map(|id| Some((*id, cx.script(*id)?))).collect();
    scripts.sort_by_key(|(id, _)| order(id));
    let Some(((last, last_script), others)) = scripts.split_last() else { return };
    if others.is_empty() {
        return;
    }
    let names: Vec<&str> = scripts.iter().map(|(_, script)| &*script.revision).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("{} heads: {}; `upgrade head` refuses to run", names.len(), quoted.join(", "));
    let mut finding = RULE.finding(Some(last_script.revision_span), message).in_revision(&*last_script.revision);
    for (_, script) in others {
        finding = finding.label(script.revision_span, format!("head {}", title(script)));
    }
    if let [(other, _)] = others
        && let Some(parting) = parting(history, *last, *other).and_then(|id| cx.script(id))
    {
        finding = finding.label(parting.revision_span, "the lines part here");
    }
    let merge = names.join(" ");
    if heads.iter().all(|head| has_own_label(history, *head, &heads)) {
        finding.severity = Severity::Info;
        found.push(finding.help("each head is on a labelled branch of its own: run `flask db upgrade heads`"));
        return;
    }
    found.push(finding.help(format!(
        "merge them: `flask db merge -m \"merge heads\" {merge}`; or, if the newer one is not deployed yet, set its \
         `down_revision` to the other"
    )));
}

/// A revision and all that it builds on.
fn line(history: &History, head: RevisionId) -> Vec<RevisionId> {
    let mut line = vec![head];
    let mut at = 0;
    while let Some(id) = line.get(at).copied() {
        at += 1;
        let Some(node) = history.nodes.iter().find(|node| node.id == id) else { continue };
        for parent in &node.down {
            if !line.contains(parent) {
                line.push(*parent);
            }
        }
    }
    line
}

/// The nearest revision that both heads build on.
fn parting(history: &History, a: RevisionId, b: RevisionId) -> Option<RevisionId> {
    let of_b = line(history, b);
    line(history, a).into_iter().find(|id| of_b.contains(id))
}

/// Whether the part of a head's line that no other head shares has a branch label.
fn has_own_label(history: &History, head: RevisionId, heads: &[RevisionId]) -> bool {
    let others: Vec<RevisionId> =
        heads.iter().filter(|other| **other != head).flat_map(|other| line(history, *other)).collect();
    let own = line(history, head).into_iter().filter(|id| !others.contains(id));
    own.into_iter().any(|id| history.nodes.iter().any(|node| node.id == id && !node.labels.is_empty()))
}
