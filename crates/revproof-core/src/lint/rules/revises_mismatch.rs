use crate::diagnostic::{Edit, Fix};
use crate::lint::{Context, Findings, declare_rule};
use crate::schema::Name;
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Compares the `Revises:` line of a script's docstring with its `down_revision`.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// """add email
    ///
    /// Revision ID: add_email
    /// Revises: people
    /// """
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
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic reads the variable and nothing else; people read the docstring first. A mismatch shows that the script
    /// was moved in the chain by hand, and it misleads whoever looks for the revision before this one.
    ///
    /// ## What to do instead
    ///
    /// Write into the docstring what the variable says, after checking that the variable is the one that is right.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// """add email
    ///
    /// Revision ID: add_email
    /// Revises: users
    /// """
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
    /// ```
    RP107 "revises-mismatch" {
        group: Graph,
        severity: Info,
        summary: "the docstring's `Revises:` and `down_revision` name different revisions",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for script in &cx.chain.scripts {
        let Some((written, span)) = &script.doc_revises else { continue };
        let sorted = |names: &[Name]| {
            let names = names.iter().map(bare);
            let mut names: Vec<Name> = names.filter(|name| !matches!(&**name, "" | "None")).collect();
            names.sort();
            names.dedup();
            names
        };
        let (documented, real) = (sorted(written), sorted(&script.down_revision));
        if documented == real {
            continue;
        }
        let message =
            format!("the docstring says that this revises {}, but `down_revision` is {}", say(&documented), say(&real));
        let finding = RULE.finding(Some(*span), message).in_revision(&*script.revision);
        let finding = match script.down_revision_span {
            Some(at) => finding.label(at, "this is what Alembic goes by"),
            None => finding,
        };
        let finding = finding.help("check which is right, then correct the docstring");
        found.push(match edit(cx, *span, &script.down_revision) {
            Some(edit) => finding.fix(Fix { title: "correct the docstring".to_owned(), edits: vec![edit] }),
            None => finding,
        });
    }
}

/// A revision as it is meant: quotation marks around it and the end of its file's name are not of it.
fn bare(name: &Name) -> Name {
    let name = name.trim_matches(['"', '\'', '`']);
    name.strip_suffix(".py").unwrap_or(name).into()
}

fn say(names: &[Name]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Replaces what follows `Revises:`, whether the span takes the word in or not.
fn edit(cx: &Context<'_>, span: Span, real: &[Name]) -> Option<Edit> {
    let text = cx.sources.text(span);
    let value = real.join(", ");
    match text.split_once("Revises:") {
        Some((before, _)) => Some(Edit { span, text: format!("{before}Revises: {value}").trim_end().to_owned() }),
        None if text.contains('\n') => None,
        None => Some(Edit { span, text: value }),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::findings;

    /// What is said of a script that revises `a` and whose docstring says this.
    fn check(says: &str, expected: &[&str]) {
        let text = format!(
            "# file: a.py\ndef upgrade():\n    op.execute('SELECT 1')\n# file: b.py\n\"\"\"b\n\nRevises: {says}\n\"\"\"\nrevision = 'b'\n\
             down_revision = 'a'\n\ndef upgrade():\n    op.execute('SELECT 1')\n"
        );
        let found = findings(&text).into_iter().filter(|finding| finding.starts_with(super::RULE.id.name));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{says}");
    }

    #[test]
    fn quotation_marks_and_the_end_of_a_file_name_are_no_mismatch() {
        check("a", &[]);
        check("\'a\'", &[]);
        check("a.py", &[]);
        check("c", &["revises-mismatch: Revises: c"]);
    }
}
