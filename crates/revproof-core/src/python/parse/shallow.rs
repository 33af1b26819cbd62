//! A look at the bytes of a text that tells, for nearly every script, that it is not nested too deeply: several times
//! as fast as [`super::depth`] counting its tokens.

/// Whether a text is surely nested less deeply than `limit`. Counts what the token scan counts or more, and gives up
/// (`false`, which says nothing) at whatever takes a real lexer: formatted strings, brackets that don't match.
pub(super) fn surely_shallow(text: &str, limit: usize) -> bool {
    let mut scan = Scan { rest: text.as_bytes(), around: Vec::new(), level: 0, total: 0, indentation: 0, limit };
    scan.indent();
    while let Some((byte, rest)) = scan.rest.split_first() {
        scan.rest = rest;
        if scan.take(*byte).is_none() {
            return false;
        }
    }
    scan.indentation + scan.total <= limit
}

/// The bytes of words and numbers: a look into a table costs half of what comparing with each range does.
#[cfg_attr(
    not(test),
    expect(clippy::indexing_slicing, reason = "the compiler runs it, and refuses what is out of bounds")
)]
static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte >= 0x80 || (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        byte += 1;
    }
    table
};

struct Scan<'t> {
    rest: &'t [u8],
    /// What has been counted at each open bracket but the innermost; the first is the line's own.
    around: Vec<usize>,
    /// What has been counted at the innermost.
    level: usize,
    /// The sum of all levels.
    total: usize,
    /// The widest indentation so far, in columns: there are no more blocks than columns.
    indentation: usize,
    limit: usize,
}

impl Scan<'_> {
    /// Takes what begins with `byte`, which has been taken already; `None` where a lexer has to look.
    fn take(&mut self, byte: u8) -> Option<()> {
        match byte {
            b' ' => {}
            b'(' | b'[' | b'{' => {
                self.count(1)?;
                self.around.push(self.level);
                self.level = 0;
            }
            b')' | b']' | b'}' => {
                self.total -= self.level;
                self.level = self.around.pop()?;
            }
            b',' => {
                self.total -= self.level;
                self.level = 0;
            }
            b'\n' if self.around.is_empty() => {
                (self.level, self.total) = (0, 0);
                self.indent();
            }
            b'\r' if !self.rest.starts_with(b"\n") => return None,
            b'\\' => self.rest = self.rest.strip_prefix(b"\n")?,
            b';' if !self.around.is_empty() => return None,
            b'#' => {
                let end = memchr::memchr2(b'\n', b'\r', self.rest).unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..)?;
            }
            b'"' | b'\'' => self.string(byte)?,
            b'=' if self.rest.starts_with(b"=") => self.count(1)?,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'|' | b'&' | b'^' | b'~' | b'<' | b'>' | b'!' | b':' | b'.' => {
                self.count(1)?;
            }
            b'_' | 0x80.. => self.word(byte)?,
            _ if byte.is_ascii_alphanumeric() => self.word(byte)?,
            0x0c => return None,
            _ => {}
        }
        Some(())
    }

    /// Counts levels; `None` where they are too many.
    fn count(&mut self, levels: usize) -> Option<()> {
        self.level += levels;
        self.total += levels;
        (self.indentation + self.total <= self.limit).then_some(())
    }

    /// Takes the white space at the start of a line.
    fn indent(&mut self) {
        let mut width = 0;
        while let Some((b' ' | b'\t', rest)) = self.rest.split_first() {
            width += if self.rest.starts_with(b"\t") { 8 } else { 1 };
            self.rest = rest;
        }
        self.indentation = self.indentation.max(width);
    }

    /// The rest of a string, its first quote having been taken.
    fn string(&mut self, quote: u8) -> Option<()> {
        let three = [quote; 3];
        let start = self.rest;
        let long = self.rest.starts_with(&[quote; 2]);
        if long {
            self.rest = self.rest.get(2..)?;
        }
        loop {
            self.rest = self.rest.get(memchr::memchr2(quote, b'\\', self.rest)?..)?;
            if self.rest.starts_with(b"\\") {
                self.rest = self.rest.get(2..)?;
            } else if !long {
                break;
            } else if self.rest.starts_with(&three) {
                self.rest = self.rest.get(3..)?;
                return Some(());
            } else {
                self.rest = self.rest.get(1..)?;
            }
        }
        // A short string that a line break ends is an error, from which lexers recover in their own ways.
        let inside = start.get(..start.len().checked_sub(self.rest.len())?)?;
        self.rest = self.rest.get(1..)?;
        memchr::memchr2(b'\n', b'\r', inside).is_none().then_some(())
    }

    /// The rest of a word or a number.
    fn word(&mut self, first: u8) -> Option<()> {
        let length = self.rest.iter().take_while(|b| WORD.get(usize::from(**b)).copied().unwrap_or_default()).count();
        let (more, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        // What is glued to a number or to a sign of another script may be a word of the language.
        let glued = if first.is_ascii_digit() {
            more.iter().any(|b| !b.is_ascii_digit())
        } else {
            !first.is_ascii() || !more.is_ascii()
        };
        if glued {
            self.count(length + 1)?;
        }
        let quoted = matches!(rest.first(), Some(b'"' | b'\''));
        let formats = |b: &u8| matches!(b, b'f' | b'F' | b't' | b'T');
        if quoted && (glued || length < 3) && (formats(&first) || more.iter().any(formats)) {
            return None;
        }
        match (first, more) {
            (b'n', b"ot")
            | (b'a', b"nd" | b"wait")
            | (b'o', b"r")
            | (b'i', b"f" | b"n" | b"s")
            | (b'f', b"or")
            | (b'l', b"ambda")
            | (b'y', b"ield") => self.count(1)?,
            (b'd', b"ef" | b"el")
            | (b'c', b"lass")
            | (b'r', b"eturn" | b"aise")
            | (b'i', b"mport")
            | (b'w', b"ith" | b"hile")
            | (b't', b"ry")
            | (b'p', b"ass")
            | (b'a', b"ssert")
            | (b'g', b"lobal")
            | (b'n', b"onlocal")
                if !self.around.is_empty() =>
            {
                return None;
            }
            _ => {}
        }
        Some(())
    }
}
