//! [`Op`]: the binary operators of SQL expressions, how they are written and how tightly they bind.

use std::rc::Rc;

/// A binary operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Concat,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    IsDistinct,
    IsNotDistinct,
    Like,
    NotLike,
    ILike,
    NotILike,
    In,
    NotIn,
    BitAnd,
    BitOr,
    BitXor,
    LeftShift,
    RightShift,
    Match,
    Regexp,
    NotRegexp,
    /// `->`
    JsonGet,
    /// `->>`
    JsonGetText,
    /// `#>`
    JsonPath,
    /// `#>>`
    JsonPathText,
    /// `column.op("…")`, with its precedence.
    Custom(Rc<str>, i32),
}

impl Op {
    /// How it is written, where the dialects agree.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div | Self::FloorDiv => "/",
            Self::Mod => "%",
            Self::Concat => "||",
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Is => "IS",
            Self::IsNot => "IS NOT",
            Self::IsDistinct => "IS DISTINCT FROM",
            Self::IsNotDistinct => "IS NOT DISTINCT FROM",
            Self::Like => "LIKE",
            Self::NotLike => "NOT LIKE",
            Self::ILike => "ILIKE",
            Self::NotILike => "NOT ILIKE",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "#",
            Self::LeftShift => "<<",
            Self::RightShift => ">>",
            Self::Match => "@@",
            Self::Regexp => "~",
            Self::NotRegexp => "!~",
            Self::JsonGet => "->",
            Self::JsonGetText => "->>",
            Self::JsonPath => "#>",
            Self::JsonPathText => "#>>",
            Self::Custom(text, _) => text,
        }
    }

    /// How tightly it binds: SQLAlchemy's table of precedences.
    pub(super) const fn precedence(&self) -> i32 {
        match self {
            Self::JsonGet | Self::JsonGetText | Self::JsonPath | Self::JsonPathText => 15,
            Self::Mul | Self::Div | Self::FloorDiv | Self::Mod => 8,
            Self::Add | Self::Sub | Self::BitAnd | Self::BitOr | Self::BitXor | Self::LeftShift | Self::RightShift => 7,
            Self::Custom(_, precedence) => *precedence,
            _ => 5,
        }
    }

    /// Whether an operand that is the same operator again needs no parentheses.
    pub(super) const fn is_associative(&self) -> bool {
        matches!(
            self,
            Self::Add
                | Self::Mul
                | Self::Concat
                | Self::JsonGet
                | Self::JsonGetText
                | Self::JsonPath
                | Self::JsonPathText
        )
    }

    /// The operator that says the contrary.
    pub(super) const fn negated(&self) -> Option<Self> {
        Some(match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Ge => Self::Lt,
            Self::Gt => Self::Le,
            Self::Le => Self::Gt,
            Self::Is => Self::IsNot,
            Self::IsNot => Self::Is,
            Self::IsDistinct => Self::IsNotDistinct,
            Self::IsNotDistinct => Self::IsDistinct,
            Self::Like => Self::NotLike,
            Self::NotLike => Self::Like,
            Self::ILike => Self::NotILike,
            Self::NotILike => Self::ILike,
            Self::In => Self::NotIn,
            Self::NotIn => Self::In,
            Self::Regexp => Self::NotRegexp,
            Self::NotRegexp => Self::Regexp,
            _ => return None,
        })
    }

    /// Whether what it gives is a truth value.
    pub(super) fn is_comparison(&self) -> bool {
        self.negated().is_some() || matches!(self, Self::Match)
    }
}
