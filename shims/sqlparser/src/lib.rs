//! Stands in for the sqlparser of GlueSQL: the syntax tree is the real one, and no text becomes one.
//!
//! GlueSQL gets typed trees from us, never text. But a cast of text to its own `INTERVAL` calls its parser, and that
//! keeps the parser and the translation of its trees, 350 KB of the compressed WebAssembly, in every program. We emit no
//! such cast. Here the tokenizer refuses all text, and a [`parser::Parser`] cannot even be made, so the linker drops
//! what nothing reaches.

pub use real::{ast, dialect};

/// Text to tokens.
pub mod tokenizer {
    use std::convert::Infallible;

    use crate::dialect::Dialect;

    /// What every call gets as its answer.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct NoParser;

    /// Refuses all text.
    #[derive(Debug)]
    pub struct Tokenizer;

    impl Tokenizer {
        /// For a text that will be refused.
        pub fn new(_: &dyn Dialect, _: &str) -> Self {
            Self
        }

        /// Refuses the text.
        pub fn tokenize(&mut self) -> Result<Infallible, NoParser> {
            Err(NoParser)
        }
    }
}

/// Tokens to trees.
pub mod parser {
    use std::convert::Infallible;

    use crate::ast::{Assignment, ColumnDef, DataType, Expr, Ident, OrderByExpr, Query, SelectItem, Statement};
    use crate::dialect::Dialect;
    use crate::tokenizer::NoParser;

    /// A parser with tokens. There are none, so there is none.
    #[derive(Debug)]
    pub struct Parser(Infallible);

    /// A parser that waits for tokens.
    #[derive(Debug)]
    pub struct Idle;

    impl Idle {
        /// With tokens.
        pub fn with_tokens(self, tokens: Infallible) -> Parser {
            Parser(tokens)
        }
    }

    macro_rules! entries {
        ($($name:ident -> $tree:ty),+ $(,)?) => {
            $(
                /// An entry of the parser.
                pub fn $name(&mut self) -> Result<$tree, NoParser> {
                    match self.0 {}
                }
            )+
        };
    }

    impl Parser {
        /// Refuses the text.
        pub fn parse_sql(_: &dyn Dialect, _: &str) -> Result<Vec<Statement>, NoParser> {
            Err(NoParser)
        }

        /// A parser that waits for tokens.
        #[expect(clippy::new_ret_no_self, reason = "a parser with tokens cannot be made")]
        pub fn new(_: &dyn Dialect) -> Idle {
            Idle
        }

        /// An entry of the parser.
        pub fn parse_comma_separated<T, F>(&mut self, _: F) -> Result<Vec<T>, NoParser>
        where
            F: FnMut(&mut Self) -> Result<T, NoParser>,
        {
            match self.0 {}
        }

        entries! {
            parse_query -> Box<Query>,
            parse_expr -> Expr,
            parse_select_item -> SelectItem,
            parse_interval -> Expr,
            parse_order_by_expr -> OrderByExpr,
            parse_column_def -> ColumnDef,
            parse_data_type -> DataType,
            parse_assignment -> Assignment,
            parse_identifiers -> Vec<Ident>,
        }
    }
}
