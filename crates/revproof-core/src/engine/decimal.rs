//! [`Decimal`]: decimal numbers of any length, as far as casts need them: reading, rounding, printing.

/// A decimal number: digits without leading zeros, of which the last `scale` stand behind the point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    scale: usize,
}

/// Longer numbers than this are not looked at.
const MAX_DIGITS: i32 = 2000;

impl Decimal {
    /// Reads `-12.50`, `.5`, `1e3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        if whole.len() + fraction.len() > MAX_DIGITS as usize || exponent.abs() > MAX_DIGITS {
            return None;
        }
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
        let shift = usize::try_from(exponent.unsigned_abs()).ok()?;
        let scale = if exponent < 0 {
            fraction.len() + shift
        } else {
            digits.extend(std::iter::repeat_n(0, shift.saturating_sub(fraction.len())));
            fraction.len().saturating_sub(shift)
        };
        let mut number = Self { negative, digits, scale };
        number.trim();
        Some(number)
    }

    /// Rounds to that many digits behind the point, half away from zero. A negative number of digits rounds before
    /// the point.
    pub(crate) fn round(&mut self, scale: i32) {
        let Ok(wanted) = usize::try_from(scale) else {
            let drop = self.scale + scale.unsigned_abs() as usize;
            self.cut(drop);
            self.digits.extend(std::iter::repeat_n(0, scale.unsigned_abs() as usize));
            self.scale = 0;
            self.trim();
            return;
        };
        if wanted >= self.scale {
            self.digits.extend(std::iter::repeat_n(0, wanted - self.scale));
        } else {
            self.cut(self.scale - wanted);
        }
        self.scale = wanted;
        self.trim();
    }

    /// The number of digits before the point.
    pub(crate) fn whole_digits(&self) -> usize {
        self.digits.len().saturating_sub(self.scale)
    }

    /// Takes away the last digits, rounding half away from zero.
    fn cut(&mut self, count: usize) {
        if count > self.digits.len() {
            self.digits.clear();
            return;
        }
        let keep = self.digits.len() - count;
        let up = self.digits.get(keep).is_some_and(|d| *d >= 5);
        self.digits.truncate(keep);
        if !up {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            if *digit == 9 {
                *digit = 0;
            } else {
                *digit += 1;
                return;
            }
        }
        self.digits.insert(0, 1);
    }

    fn trim(&mut self) {
        let zeros = self.digits.iter().take_while(|d| **d == 0).count();
        self.digits.drain(..zeros);
        if self.digits.is_empty() {
            self.negative = false;
        }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::with_capacity(self.digits.len() + 3);
        if self.negative {
            out.push('-');
        }
        let whole = self.whole_digits();
        if whole == 0 {
            out.push('0');
        }
        let missing = self.scale.saturating_sub(self.digits.len());
        let padded = std::iter::repeat_n(0, missing).chain(self.digits.iter().copied());
        for (at, digit) in padded.enumerate() {
            if at == whole {
                out.push('.');
            }
            out.push(char::from(b'0' + digit));
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn numbers_round_half_away_from_zero() {
        let check = |text: &str, scale: i32, expected: &str| {
            let mut number = Decimal::parse(text).expect("a number");
            number.round(scale);
            assert_eq!(number.to_string(), expected, "{text} to {scale}");
        };
        check("1.005", 2, "1.01");
        check("-1.5", 0, "-2");
        check("9.99", 1, "10.0");
        check("0.04", 1, "0.0");
        check("-0.04", 1, "0.0");
        check("12", 2, "12.00");
        check("1250", -2, "1300");
        check(".5", 2, "0.50");
        check("1.25e2", 0, "125");
        check("1e-3", 2, "0.00");
        check("12345678901234567890123.45", 1, "12345678901234567890123.5");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "abc", "1.2.3", "1e", "--1", "1 2", ".", "1e99999"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
