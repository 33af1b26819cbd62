use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::code::{indentation, quote, statement_lines};
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::op::{Certainty, FailureKind, OpKind};
use crate::replay::RunStatus;
use crate::schema::{Difference, DifferenceKind, QName, SqlType, Table};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports an enum type of PostgreSQL that the upgrade creates and the downgrade does not drop.
    ///
    /// ```python bad
    /// def upgrade():
    ///     op.create_table(
    ///         'orders',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('status', sa.Enum('new', 'paid', name='order_status')),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('orders')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `create_table` creates the types that its columns need; `drop_table` and `drop_column` leave them. After a
    /// downgrade the type is still there, and the next upgrade fails: *type "order_status" already exists*. On SQLite
    /// and MySQL, which have no such types, everything works.
    ///
    /// Where the upgrade looks first (`checkfirst=True`) the type is merely left over, with the values that it has now:
    /// if a later version of the upgrade lists others, it is not made again.
    ///
    /// ## What to do instead
    ///
    /// Drop the type after the last column that uses it.
    ///
    /// ```python good
    /// def upgrade():
    ///     op.create_table(
    ///         'orders',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('status', sa.Enum('new', 'paid', name='order_status')),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('orders')
    ///     op.execute('DROP TYPE order_status')
    /// ```
    RP206 "leftover-enum" {
        group: Downgrade,
        severity: Error,
        summary: "the downgrade leaves an enum type behind, on which the next upgrade may fail",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let leftovers = revision.trace.restores.schema_differences.iter();
        for leftover in leftovers.filter(|difference| is_leftover_enum(revision, difference)) {
            let name = &leftover.object;
            let trips = reupgrade_trips_on(revision, name);
            let consequence = if trips { ", so the next upgrade fails" } else { "" };
            let message = format!("`downgrade()` leaves the enum type `{name}` behind{consequence}");
            let (span, is_drop) = place(revision, name);
            let mut finding = RULE.finding_in(revision, Some(span), message);
            if let Some(done) = revision.upgraded().find(|done| creates(&done.operation.kind, name)) {
                finding = finding.label(done.operation.span, "the upgrade creates the type here");
            }
            if trips {
                finding = finding.note(format!("upgrading again: type \"{name}\" already exists"));
            }
            let code = format!("op.execute({})", quote(&format!("DROP TYPE {name}")));
            finding = finding.help(format!("drop the type after the last column that uses it:\n\n    {code}"));
            finding = with_fix(cx, revision, finding, is_drop.then_some(span), &code);
            let finding = found.push(finding);
            if trips {
                finding.covers(&super::failing_reupgrade::RULE);
            }
        }
    }
}

/// Whether a difference is an enum type that the round trip left behind.
pub(super) fn is_leftover_enum(revision: Revision<'_>, difference: &Difference) -> bool {
    let after = revision.trace.downgrade.after.as_ref();
    difference.kind == DifferenceKind::Extra
        && difference.part.is_none()
        && after.is_some_and(|after| {
            after.catalog.enums.contains_key(&difference.object) && after.catalog.table(&difference.object).is_none()
        })
}

fn reupgrade_trips_on(revision: Revision<'_>, name: &QName) -> bool {
    let again = &revision.trace.again;
    again.status == RunStatus::Failed
        && again.failure.as_ref().is_some_and(|failure| {
            failure.kind == FailureKind::DuplicateObject
                && (failure.object.as_ref() == Some(name) || failure.message.contains(&*name.name))
        })
}

fn creates(kind: &OpKind, name: &QName) -> bool {
    matches!(kind, OpKind::CreateEnum { name: created, .. } if created == name)
}

/// The line of the downgrade that drops the last column of that type, and whether there is one.
fn place(revision: Revision<'_>, name: &QName) -> (Span, bool) {
    let of_type = |ty: &SqlType| match ty {
        SqlType::Enum(used) => used == name,
        SqlType::Array(of) => **of == SqlType::Enum(name.clone()),
        _ => false,
    };
    let uses = |table: &Table, column: Option<&str>| {
        table.columns.iter().any(|own| column.is_none_or(|column| *own.name == *column) && of_type(&own.ty))
    };
    let drop = revision.downgraded().filter(|done| match &done.operation.kind {
        OpKind::DropTable { table, .. } => done.step.before.catalog.table(table).is_some_and(|table| uses(table, None)),
        OpKind::DropColumn { table, column, .. } => {
            done.step.before.catalog.table(table).is_some_and(|table| uses(table, Some(column)))
        }
        _ => false,
    });
    match drop.last() {
        Some(done) => (done.operation.span, true),
        None => (revision.downgrade_span(), false),
    }
}

/// Adds the line behind the drop, where that is a plain statement of its own.
fn with_fix(
    cx: &Context<'_>,
    revision: Revision<'_>,
    finding: Diagnostic,
    drop: Option<Span>,
    code: &str,
) -> Diagnostic {
    let done = revision.downgraded().find(|done| Some(done.operation.span) == drop);
    let Some(done) = done.filter(|done| done.operation.certainty == Certainty::Certain) else { return finding };
    let Some(lines) = statement_lines(cx.sources, done) else { return finding };
    let indentation = indentation(cx.sources, done.operation.span);
    // Deeper in, it may be a loop or a batch block, where the line would run too often or too early.
    if indentation.len() > 4 || !cx.sources.text(lines).ends_with('\n') {
        return finding;
    }
    let edit = Edit { span: Span::new(lines.file, lines.end, lines.end), text: format!("{indentation}{code}\n") };
    finding.fix(Fix { title: "drop the type in the downgrade".to_owned(), edits: vec![edit] })
}
