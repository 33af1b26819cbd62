//! [`same_code`]: whether two texts are one program.

use ruff_python_ast::Stmt;
use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_parser::parse_module;

use super::parse::parse;
use crate::source::{FileId, SourceFile};

/// Whether two texts of a module say the same, layout, comments, docstrings of the module and functions of these names
/// aside. A text that is no Python is like itself only.
pub fn same_code(one: &str, other: &str, aside: &[&str]) -> bool {
    if one == other {
        return true;
    }
    // Texts that nest too deep to be compared are refused by the reader.
    let is_sound = |text: &str| parse(&SourceFile::new(FileId(u32::MAX), "".into(), text.into())).1.is_empty();
    if !is_sound(one) || !is_sound(other) {
        return false;
    }
    let (Ok(one), Ok(other)) = (parse_module(one), parse_module(other)) else { return false };
    let (one, other) = (one.into_suite(), other.into_suite());
    let counts = |statement: &&Stmt| !is_aside(statement, aside);
    one.iter().filter(counts).map(ComparableStmt::from).eq(other.iter().filter(counts).map(ComparableStmt::from))
}

fn is_aside(statement: &Stmt, aside: &[&str]) -> bool {
    match statement {
        Stmt::Expr(expression) => expression.value.is_string_literal_expr(),
        Stmt::FunctionDef(function) => aside.contains(&function.name.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::same_code;

    #[test]
    fn layout_comments_docstrings_and_what_is_left_aside_do_not_count() {
        let text = "\"\"\"doc\"\"\"\nx = 'a'\ndef upgrade():\n    f(1, 2)\ndef downgrade():\n    pass\n";
        let check = |from: &str, to: &str, same: bool| {
            assert_eq!(same_code(text, &text.replace(from, to), &["downgrade"]), same, "{from} -> {to}");
        };
        check("doc", "another", true);
        check("x = 'a'", "x  =  \"a\"  # why", true);
        check("f(1, 2)", "f(\n        1,\n        2,\n    )", true);
        check("pass", "g()", true);
        check("'a'", "'b'", false);
        check("f(1, 2)", "f(1, 3)", false);
        check("f(1, 2)", "f(1, 2", false);
        assert!(!same_code("(", "((", &[]));
    }
}
