//! The rules, one file each. To add one, write its file and put its word into the list below.

/// Declares the rules' modules and the list of their rules, in order of code.
macro_rules! register {
    ($($name:ident),+ $(,)?) => {
        $(pub(super) mod $name;)+

        static RULES: &[&Rule] = &[$(&$name::RULE),+];
    };
}

use super::rule::Rule;

register! {
    // RP1: scripts and the revision graph.
    multiple_heads, missing_parent, duplicate_revision, revision_cycle, missing_dependency, unreadable_script,
    revises_mismatch, long_revision_id, conflicting_branches, edited_after_apply, unused_suppression,
    // RP2: the way back.
    missing_downgrade, empty_downgrade, refused_downgrade, partial_downgrade, failing_downgrade, leftover_enum,
    unnamed_constraint_drop, failing_reupgrade,
    // RP3: lost data.
    drop_table, drop_column, narrowing_type, truncate_or_delete_all, lossy_downgrade,
    // RP4: what was probably meant.
    column_rename, table_rename, empty_migration, unnamed_constraint, sqlite_alter_without_batch, missing_import,
    index_or_constraint_rename,
    // RP5: rows that are already there.
    not_null_without_default, set_not_null_with_nulls, unique_with_duplicates, foreign_key_with_orphans, failing_cast,
    // RP7: what fails, and what could not be proved.
    failing_upgrade, unknown_object, object_exists, not_evaluated, assumed_object,
}

/// All rules, in order of code.
pub fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule of that name or code.
pub fn find(name_or_code: &str) -> Option<&'static Rule> {
    let wanted = name_or_code.trim();
    let mut all = RULES.iter().copied();
    all.find(|rule| rule.id.name.eq_ignore_ascii_case(wanted) || rule.id.code.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Group;

    #[test]
    fn codes_rise_and_say_their_group() {
        assert!(RULES.windows(2).all(|pair| pair[0].id.code < pair[1].id.code));
        for rule in RULES {
            let digit = match rule.group {
                Group::Graph => "RP1",
                Group::Downgrade => "RP2",
                Group::Data => "RP3",
                Group::Intent => "RP4",
                Group::Rows => "RP5",
                Group::Proof => "RP7",
            };
            assert!(rule.id.code.starts_with(digit), "{} is not in {digit}", rule.id.code);
        }
    }

    #[test]
    fn names_are_kebab_case_and_summaries_are_half_sentences() {
        for rule in RULES {
            assert!(rule.id.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id.name);
            assert!(!rule.summary.ends_with('.') && !rule.summary.starts_with(char::is_uppercase), "{}", rule.summary);
        }
    }
}
