//! How deep a text is nested, told from its tokens alone.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use super::shallow::surely_shallow;

/// How deep the tree of a file may be. Real scripts stay under thirty.
const MAX_DEPTH: usize = 200;

/// Whether the text is nested too deeply. An upper bound: each bracket, each indentation and each operator since the
/// last comma or line counts as a level.
pub(super) fn too_deep(text: &str) -> bool {
    !surely_shallow(text, MAX_DEPTH) && deeper(text, MAX_DEPTH)
}

fn deeper(text: &str, limit: usize) -> bool {
    let mut lexer = lex(text, Mode::Module);
    let mut indentation = 0_usize;
    // One number per open bracket: the operators seen at that level. The first is the line's own.
    let mut levels: Vec<usize> = vec![0];
    let mut total = 0_usize;
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Indent => indentation += 1,
            TokenKind::Dedent => indentation = indentation.saturating_sub(1),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                // The bracket is a level of its own, and a call or an index in a chain of them.
                if let Some(level) = levels.last_mut() {
                    *level += 1;
                }
                total += 1;
                levels.push(0);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd
                if levels.len() > 1 =>
            {
                total -= levels.pop().unwrap_or(0);
            }
            TokenKind::Newline | TokenKind::Semi => {
                levels.truncate(1);
                reset(&mut levels, &mut total);
            }
            TokenKind::Comma => {
                if let Some(level) = levels.last_mut() {
                    total -= *level;
                    *level = 0;
                }
            }
            kind if starts_statement(kind) => {
                levels.truncate(1);
                reset(&mut levels, &mut total);
            }
            kind if nests(kind) => {
                if let Some(level) = levels.last_mut() {
                    *level += 1;
                }
                total += 1;
            }
            _ => {}
        }
        if indentation + total > limit {
            return true;
        }
    }
}

fn reset(levels: &mut [usize], total: &mut usize) {
    if let Some(level) = levels.first_mut() {
        *level = 0;
    }
    *total = 0;
}

/// Words that can't stand inside an expression: an unclosed bracket before them is an error that the parser recovers
/// from, not a level.
fn starts_statement(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Def
            | TokenKind::Class
            | TokenKind::Return
            | TokenKind::Import
            | TokenKind::With
            | TokenKind::Raise
            | TokenKind::Try
            | TokenKind::While
            | TokenKind::Del
            | TokenKind::Pass
            | TokenKind::Assert
            | TokenKind::Global
            | TokenKind::Nonlocal
    )
}

fn nests(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::DoubleStar
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::Tilde
            | TokenKind::Not
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::If
            | TokenKind::For
            | TokenKind::Lambda
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::ColonEqual
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Less
            | TokenKind::Greater
            | TokenKind::LessEqual
            | TokenKind::GreaterEqual
            | TokenKind::EqEqual
            | TokenKind::NotEqual
            | TokenKind::In
            | TokenKind::Is
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{deeper, surely_shallow};

    #[test]
    fn a_script_is_seen_to_be_shallow_at_a_glance() {
        let script = "\"\"\"add a table\n\nRevises: it's \\\"this\\\"\n\"\"\"\nfrom alembic import op\n\n\ndef upgrade():\n    \
                      # ### don't (touch\n    op.create_table('a', sa.Column('id', sa.Integer(), nullable=False))\n";
        assert!(surely_shallow(script, 20));
        assert!(!deeper(script, 20));
    }

    proptest! {
        #[test]
        fn what_the_tokens_say_is_deep_is_never_seen_as_shallow(
            parts in prop::collection::vec(prop::sample::select(vec![
                "(", "[", "{", ")", "]", "}", ",", ";", "\n", "\r", "\r\n", "\\\n", "\\", " ", "    ", "\t", "\x0c", "#",
                "'", "\"", "\"\"\"", "'''", "f'", "f\"", "rb'", "t'", "1", "1.5", "0x1", "if", "or", " not ", " in ",
                "lambda", "def ", "return ", "class ", "x", "é", "\u{a0}", "\u{feff}", "+", "==", "=", ":=", ".", "->",
                "**", "!=", "!", "?", ":", "match ", "type ",
            ]), 0..60),
            limit in 0_usize..12,
        ) {
            let text = parts.concat();
            prop_assert!(!(surely_shallow(&text, limit) && deeper(&text, limit)));
        }
    }
}
