//! [`Offline`]: how SQL is written where it is printed instead of sent.

/// A percent sign that stays one where every other is doubled for the driver's sake. It is a character of the private
/// use area, which no script holds, and becomes `%` as the last step of writing.
pub const SINGLE_PERCENT: char = '\u{f0025}';

/// The offline mode: what is written as SQL, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offline {
    /// Whether values are written as literals (`literal_binds=True`), else as the driver's placeholders.
    pub literal_binds: bool,
    /// The style of placeholders.
    pub paramstyle: Paramstyle,
}

/// The styles of placeholders of Python's database drivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paramstyle {
    /// `?`
    Qmark,
    /// `:name`
    Named,
    /// `%s`
    Format,
    /// `%(name)s`
    Pyformat,
    /// `$1`
    NumericDollar,
}

impl Paramstyle {
    /// The style of that name (`dialect_opts={"paramstyle": "named"}`).
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "qmark" => Self::Qmark,
            "named" => Self::Named,
            "format" => Self::Format,
            "pyformat" => Self::Pyformat,
            "numeric_dollar" => Self::NumericDollar,
            _ => return None,
        })
    }

    /// Whether the driver takes `%` for the start of a placeholder, so that SQLAlchemy doubles every other one.
    pub const fn doubles_percent(self) -> bool {
        matches!(self, Self::Format | Self::Pyformat)
    }
}

impl Default for Offline {
    fn default() -> Self {
        Self { literal_binds: true, paramstyle: Paramstyle::Named }
    }
}
