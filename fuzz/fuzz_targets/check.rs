//! Feeds a project of any files to the whole pipeline. `cargo +nightly fuzz run check`, from the root of the project;
//! scripts of `migrations/` make a good start: `cargo +nightly fuzz run check fuzz/corpus/check migrations/*/versions`.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use revproof_core::analyse::analyse;
use revproof_core::config::Config;
use revproof_core::render::{Format, Options, render};

/// Divides the input into files.
const FENCE: &str = "\n#%%\n";

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut files: BTreeMap<String, String> =
        text.split(FENCE).enumerate().map(|(at, text)| (format!("versions/r{at}.py"), text.to_owned())).collect();
    files.insert("alembic.ini".to_owned(), "[alembic]\nscript_location = %(here)s\n".to_owned());
    let report = analyse(&files, "", &Config::default());
    for format in [Format::Text, Format::Json] {
        let _ = render(&report, format, Options { width: Some(60), ..Options::default() });
    }
});
