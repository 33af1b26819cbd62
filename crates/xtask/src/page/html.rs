//! `index.html`: the one in the root of the workspace, less what is there for Trunk only.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The page as it is served. Its inline script must be the one that its Content-Security-Policy allows.
pub(crate) fn page(source: &str) -> Result<String> {
    let script = between(source, "<script>", "</script>").context("index.html has no inline script")?;
    let hash = sha256(script.as_bytes());
    let policy = policy(source)?;
    ensure!(
        policy.contains(&format!("'{hash}'")),
        "the inline script of index.html was changed: its Content-Security-Policy must allow '{hash}'"
    );
    Ok(source.split_inclusive('\n').filter(|line| !line.contains("data-trunk")).collect())
}

/// What the page's Content-Security-Policy says.
pub(crate) fn policy(page: &str) -> Result<String> {
    let meta = page.split("http-equiv=\"Content-Security-Policy\"").nth(1).unwrap_or_default();
    let content = between(meta, "content=\"", "\"").context("index.html has no Content-Security-Policy")?;
    Ok(content.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The hash of a file, as policies and `integrity` attributes have it.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of `a()`.
    const HASH: &str = "sha256-5Qi4ZvFYoqJXxkFyIwHDYfQKTTN7dlbPs7hpTgbIVlI=";

    fn source(hash: &str) -> String {
        format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self';\n  script-src '{hash}'\">\n\
             <link data-trunk rel=\"rust\">\n<script>a()</script>\n"
        )
    }

    #[test]
    fn what_is_for_trunk_goes_and_the_rest_stays() {
        let source = source(&sha256(b"a()"));
        let page = page(&source).unwrap();
        assert_eq!(page, source.replace("<link data-trunk rel=\"rust\">\n", ""));
        assert_eq!(policy(&page).unwrap(), format!("default-src 'self'; script-src '{}'", sha256(b"a()")));
    }

    #[test]
    fn a_changed_script_is_told_with_its_hash() {
        let error = page(&source(HASH).replace("a()", "b()")).unwrap_err().to_string();
        assert!(error.contains(&sha256(b"b()")), "{error}");
    }
}
