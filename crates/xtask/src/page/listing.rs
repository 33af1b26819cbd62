//! How large the files are.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::files;

/// Prints the size of every file, as it is and as servers send it.
pub(crate) fn print(folder: &Path) -> Result<()> {
    let (mut raw, mut sent) = (0, 0);
    println!("{:>10} {:>10}", "bytes", "gzip -9");
    for file in files(folder)? {
        let bytes = fs::read(folder.join(&file))?;
        let compressed = gzip(&bytes)?.len();
        println!("{:>10} {compressed:>10}  {}", bytes.len(), file.display());
        raw += bytes.len();
        sent += compressed;
    }
    println!("{raw:>10} {sent:>10}  {}", folder.display());
    Ok(())
}

/// As gzip -9.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
