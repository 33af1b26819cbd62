//! [`digest`]: the checksum of a text.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The SHA-256 of a text, in hexadecimal digits.
pub fn digest(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(super::digest("abc"), expected);
    }
}
