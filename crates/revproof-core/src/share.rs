//! [`Shared`]: a workspace of the playground as a link, and back.
//!
//! What follows the `#` of a link is `r1.` and, in the alphabet of base64url without padding, a zlib stream of records:
//! a letter that says what it is, its length as LEB128, and so many bytes of UTF-8. A reader skips records with letters
//! that it does not know, so that links of later versions open as far as they can be understood; a change that would be
//! misunderstood needs another number behind the `r`. Links live in issues and chats: every format that was ever written
//! is read for ever.
//!
//! | letter | record |
//! | --- | --- |
//! | `f` | a file: path, line break, text |
//! | `d` | the dialect by name |
//! | `r` | the rows: `none`, or `own`, line break, statements |
//! | `c` | the chain that is shown, as a decimal number |
//! | `m` | a move: `upgrade`, `downgrade`, `to`, `stamp`, `revert` or `query`, a space, and its target |
//! | `o` | the open file |
//! | `s` | the selected revision |
//! | `t` | the tab of the database by name |
//! | `v` | the version of revproof that made the link |

use std::fmt;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::config::{Config, Rows};
use crate::diagnostic::Severity;
use crate::report::Report;

/// The page that opens links, where no other is named: that of `cargo xtask serve`. It stays on this machine on purpose. The
/// scripts are behind the `#`, which no browser sends, but whoever owns the page of a link can read them: an address goes
/// here only once it is ours.
pub const PAGE: &str = "http://127.0.0.1:8000/";

/// Links that are longer are cut by some chats.
pub const COMFORTABLE: usize = 2_000;

/// Links that are longer are not made: some browsers and servers refuse them.
pub const LONGEST: usize = 30_000;

/// How every link of this format begins.
const PREFIX: &str = "r1.";

/// The longest link that is read, and the most that it may unpack to.
const READ: usize = 200_000;
const UNPACKED: usize = 8 << 20;

/// How many files a link may hold.
const FILES: usize = 5_000;

/// What a link holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shared {
    /// The files: path and text, in order.
    pub files: Vec<(String, String)>,
    /// The dialect by name; `None` for that of the files.
    pub dialect: Option<String>,
    /// The rows; [`Rows::Seeded`] stands for those that the files name.
    pub rows: Rows,
    /// Which chain is shown, by its place.
    pub chain: usize,
    /// What was done to its database: kind and target.
    pub moves: Vec<(String, String)>,
    /// The open file.
    pub file: Option<String>,
    /// The selected revision.
    pub revision: Option<String>,
    /// The tab of the database by name.
    pub tab: Option<String>,
    /// The version of revproof that made it.
    pub version: Option<String>,
}

/// Why a link can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareError {
    /// It is of a format that a later version writes.
    Newer,
    /// It is none of ours.
    Foreign,
    /// A part of it is missing or changed.
    Damaged,
    /// It is longer, or unpacks to more, than is read.
    TooLarge,
}

impl Shared {
    /// What follows the `#` of the link.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::new();
        for (path, text) in &self.files {
            record(&mut bytes, b'f', &format!("{path}\n{text}"));
        }
        let mut optional = |tag: u8, text: Option<&String>| {
            if let Some(text) = text {
                record(&mut bytes, tag, text);
            }
        };
        optional(b'd', self.dialect.as_ref());
        optional(b'o', self.file.as_ref());
        optional(b's', self.revision.as_ref());
        optional(b't', self.tab.as_ref());
        optional(b'v', self.version.as_ref());
        match &self.rows {
            Rows::Seeded => {}
            Rows::None => record(&mut bytes, b'r', "none"),
            Rows::File { sql, .. } => record(&mut bytes, b'r', &format!("own\n{sql}")),
        }
        if self.chain > 0 {
            record(&mut bytes, b'c', &self.chain.to_string());
        }
        for (kind, target) in &self.moves {
            record(&mut bytes, b'm', &format!("{kind} {target}"));
        }
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&bytes, 9)))
    }

    /// What a link holds, given what follows its `#` or all of it.
    pub fn decode(link: &str) -> Result<Self, ShareError> {
        let fragment = link.rsplit_once('#').map_or(link, |(_, fragment)| fragment);
        // Some chats put a line break into long links, and some put a sign behind them.
        let fragment: String = fragment.chars().filter(|c| !c.is_whitespace()).collect();
        if fragment.len() > READ {
            return Err(ShareError::TooLarge);
        }
        let Some(body) = fragment.strip_prefix(PREFIX) else {
            let number = fragment.strip_prefix('r').and_then(|rest| rest.split_once('.')).map(|(number, _)| number);
            let is_newer = number.is_some_and(|n| n.parse::<u32>().is_ok_and(|n| n > 1));
            return Err(if is_newer { ShareError::Newer } else { ShareError::Foreign });
        };
        let body = body.trim_end_matches(['.', ',', ')', '>', '=']);
        let packed = URL_SAFE_NO_PAD.decode(body).map_err(|_| ShareError::Damaged)?;
        let unpacked = decompress_to_vec_zlib_with_limit(&packed, UNPACKED).map_err(|error| {
            let is_full = error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput;
            if is_full { ShareError::TooLarge } else { ShareError::Damaged }
        })?;
        Self::read(&unpacked)
    }

    fn read(mut bytes: &[u8]) -> Result<Self, ShareError> {
        let mut shared = Self::default();
        while let Some((tag, rest)) = bytes.split_first() {
            let (text, rest) = text(rest).ok_or(ShareError::Damaged)?;
            bytes = rest;
            match *tag {
                b'f' if shared.files.len() == FILES => return Err(ShareError::TooLarge),
                b'f' => {
                    let (path, text) = text.split_once('\n').ok_or(ShareError::Damaged)?;
                    shared.files.push((path.to_owned(), text.to_owned()));
                }
                b'd' => shared.dialect = Some(text.to_owned()),
                b'r' if text == "none" => shared.rows = Rows::None,
                b'r' => {
                    let sql = text.strip_prefix("own\n").ok_or(ShareError::Damaged)?;
                    shared.rows = Rows::File { path: "the rows of the link".to_owned(), sql: sql.into() };
                }
                b'c' => shared.chain = text.parse().map_err(|_| ShareError::Damaged)?,
                b'm' => {
                    let (kind, target) = text.split_once(' ').ok_or(ShareError::Damaged)?;
                    shared.moves.push((kind.to_owned(), target.to_owned()));
                }
                b'o' => shared.file = Some(text.to_owned()),
                b's' => shared.revision = Some(text.to_owned()),
                b't' => shared.tab = Some(text.to_owned()),
                b'v' => shared.version = Some(text.to_owned()),
                _ => {}
            }
        }
        Ok(shared)
    }

    /// What opens to the findings of a report: the files that it is about, and settings with which they are found there.
    /// `None` where a link can't hold what they rest on: a dump that the database began with, arguments of the command, the
    /// databases that only the project's settings name.
    pub fn of_report(report: &Report, config: &Config) -> Option<Self> {
        let has_databases = report.chains.iter().any(|chain| chain.database.is_some());
        let has_arguments = !config.x_arguments.is_empty() || !config.environ_arguments.is_empty();
        if config.baseline.is_some() || has_arguments || has_databases {
            return None;
        }
        // The files that say how constraints are named are not in the link, but what they say is.
        let mut config = config.clone();
        if config.naming_convention.is_empty() {
            let first = report.chains.first()?;
            if report.chains.iter().any(|chain| chain.naming != first.naming) {
                return None;
            }
            config.naming_convention.clone_from(&first.naming);
        }
        let file = |file: &crate::source::SourceFile| (file.path.to_string(), file.text.to_string());
        let mut files: Vec<(String, String)> =
            report.sources.iter().chain(report.sources.attached()).map(file).collect();
        files.sort();
        files.dedup();
        let settings = settings(&config);
        if !settings.is_empty() {
            files.push(("revproof.toml".to_owned(), settings));
        }
        let dialect = match report.chains.as_slice() {
            [chain] => Some(chain.dialect.name().to_owned()),
            _ => config.dialect.map(|dialect| dialect.name().to_owned()),
        };
        let version = Some(report.tool.version.to_owned());
        Some(Self { files, dialect, rows: config.rows.clone(), version, ..Self::default() })
    }
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Newer => "the link was made by a later version of revproof: reload the page to get it",
            Self::Foreign => "this is no link of revproof: such a link goes on with `r1.` behind the `#`",
            Self::Damaged => "a part of the link is missing or changed: copy it again, all of it",
            Self::TooLarge => "the link holds more than is opened: ask for the files instead",
        })
    }
}

impl std::error::Error for ShareError {}

fn record(out: &mut Vec<u8>, tag: u8, text: &str) {
    out.push(tag);
    let mut length = text.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(text.as_bytes());
}

/// The text of a record, and what follows it.
fn text(mut bytes: &[u8]) -> Option<(&str, &[u8])> {
    let mut length = 0usize;
    for shift in [0, 7, 14, 21] {
        let (byte, rest) = bytes.split_first()?;
        bytes = rest;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let (text, rest) = bytes.split_at_checked(length)?;
            return Some((std::str::from_utf8(text).ok()?, rest));
        }
    }
    None
}

/// The settings that bear on findings, as the text of a `revproof.toml`; empty where all are as they would be.
fn settings(config: &Config) -> String {
    let quoted = |text: &str| format!("{text:?}");
    let list = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let mut out = String::new();
    for (key, names) in [("select", &config.select), ("ignore", &config.ignore)] {
        if !names.is_empty() {
            _ = writeln!(out, "{key} = [{}]", list(names));
        }
    }
    if !config.environ.is_empty() {
        out.push_str("[environ]\n");
        for (name, value) in config.environ.iter() {
            _ = writeln!(out, "{} = {}", quoted(name), value.map_or_else(|| "false".to_owned(), quoted));
        }
    }
    if !config.severity.is_empty() {
        out.push_str("[severity]\n");
        for (rule, severity) in &config.severity {
            let severity = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            _ = writeln!(out, "{} = \"{severity}\"", quoted(rule));
        }
    }
    if !config.naming_convention.is_empty() {
        out.push_str("[naming-convention]\n");
        for (kind, template) in &config.naming_convention {
            _ = writeln!(out, "{kind} = {}", quoted(template));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared() -> Shared {
        let script = "\"\"\"create users\"\"\"\nrevision = 'a1'\ndown_revision = None\n".repeat(3);
        Shared {
            files: vec![("versions/a1.py".to_owned(), script), ("empty.py".to_owned(), String::new())],
            dialect: Some("sqlite".to_owned()),
            rows: Rows::File { path: "the rows of the link".to_owned(), sql: "INSERT INTO t VALUES ('ä')".into() },
            chain: 2,
            moves: vec![("upgrade".to_owned(), "head".to_owned()), ("query".to_owned(), "DELETE FROM t".to_owned())],
            file: Some("versions/a1.py".to_owned()),
            revision: Some("a1".to_owned()),
            tab: Some("rows".to_owned()),
            version: Some("0.1.0".to_owned()),
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        for shared in [shared(), Shared::default(), Shared { rows: Rows::None, ..Shared::default() }] {
            let link = shared.encode();
            assert_eq!(Shared::decode(&link), Ok(shared.clone()));
            assert_eq!(Shared::decode(&format!("{PAGE}#{link}")), Ok(shared.clone()));
            let (first, second) = link.split_at(link.len() / 2);
            assert_eq!(Shared::decode(&format!("{first}\n {second}).")), Ok(shared));
        }
    }

    /// These stand in issues and chats. None of them is ever taken out of this list.
    #[test]
    fn old_links_open_for_ever() {
        let links = [LINK_OF_0_1_0];
        for link in links {
            assert_eq!(Shared::decode(link), Ok(shared()), "{link}");
        }
    }

    const LINK_OF_0_1_0: &str = "r1.eNpL285YllpUnJmfV6yfaKhXUMmlpKSUXJSaWJKqUFoMlAFyuYpSyzJBShRsFdQTDdW5UvLL8-KRBP3y81Lpri-NMzW3oKQS5OQUtuLCnMyS1Hw-VL8UMyUalrAU5ZcXl7Ea6BnqGRTJA03i8vQLdg0KUfD0C_FXKFEIc_QJdQ1W0FA_vERdM5nRKJentCC9KDElVSEjNTElV7iwNLWoUsHF1cc1xFXBLcjfV6EEAC1JY8Q";

    #[test]
    fn a_damaged_link_is_refused_wherever_the_damage_is() {
        let link = shared().encode();
        for end in PREFIX.len()..link.len() {
            assert!(Shared::decode(&link[..end]).is_err(), "cut after {end}");
        }
        for at in PREFIX.len()..link.len() {
            let mut bytes = link.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last bits of the last character stand for nothing.
            assert!(Shared::decode(&changed) != Ok(shared()) || at + 1 == link.len(), "{at}");
        }
    }

    #[test]
    fn a_stranger_a_newer_one_and_a_bomb_are_told_apart() {
        let check = |link: &str, expected: ShareError| assert_eq!(Shared::decode(link), Err(expected), "{link:.40}");
        check("", ShareError::Foreign);
        check("ex=phonebook", ShareError::Foreign);
        check("r2.abc", ShareError::Newer);
        check("r1.!!!", ShareError::Damaged);
        check(&format!("r1.{}", "A".repeat(READ)), ShareError::TooLarge);
        let bomb = compress_to_vec_zlib(&vec![0; UNPACKED + 1], 9);
        check(&format!("r1.{}", URL_SAFE_NO_PAD.encode(bomb)), ShareError::TooLarge);
        let endless = compress_to_vec_zlib(b"f\xff\xff\xff\xff\xff\xff\xff", 9);
        check(&format!("r1.{}", URL_SAFE_NO_PAD.encode(endless)), ShareError::Damaged);
    }

    #[test]
    fn what_a_later_version_adds_is_skipped() {
        let mut bytes = Vec::new();
        record(&mut bytes, b'z', &"from the future".repeat(20));
        record(&mut bytes, b'd', "mysql");
        let link = format!("r1.{}", URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&bytes, 9)));
        assert_eq!(Shared::decode(&link).map(|shared| shared.dialect), Ok(Some("mysql".to_owned())));
    }

    #[test]
    fn the_settings_of_a_link_are_read_as_they_were() {
        let mut environ = crate::python::Environ::default();
        environ.declare("APP_ENV", Some("a \"b\"\n".to_owned()));
        environ.declare("DEBUG", None);
        let config = Config {
            environ,
            select: vec!["RP2".to_owned()],
            ignore: vec!["drop-column".to_owned(), "RP404".to_owned()],
            severity: vec![("drop-table".to_owned(), Severity::Info)],
            naming_convention: vec![("uq".into(), "uq_%(table_name)s".into())],
            ..Config::default()
        };
        assert_eq!(crate::config::parse(&settings(&config)), Ok(config));
        assert_eq!(settings(&Config::default()), "");
    }
}
