//! Zip archives, in and out.

use std::io::{Cursor, Read, Write};

use revproof_messages::File;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::paste::clean;
use super::queries::Refusal;

/// The most that is taken out of an archive: so many entries looked at, files, and bytes of one and of all.
const ENTRIES: usize = 20_000;
const FILES: usize = 3_000;
const LARGEST: u64 = 4 << 20;
const TOTAL: u64 = 32 << 20;

/// The files of an archive that can bear on migrations.
pub(crate) fn unzip(bytes: Vec<u8>) -> Result<Vec<File>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    if archive.len() > ENTRIES {
        let help = "Make an archive of the migrations folder alone.".to_owned();
        return Err((format!("The archive has {} entries, over the limit of {ENTRIES}", archive.len()), help));
    }
    let mut files: Vec<File> = Vec::new();
    let mut total = 0;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|error| unreadable(&error))?;
        let path = entry.name().ok().and_then(|name| wanted(&name)).filter(|_| entry.is_file());
        let Some(path) = path else { continue };
        // What the archive says of sizes may be a lie, so that the bytes are counted as they come.
        let mut content = Vec::new();
        entry.by_ref().take(LARGEST + 1).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
        let length = content.len() as u64;
        total += length;
        if length > LARGEST || total > TOTAL || files.len() == FILES {
            let help = "Make an archive of the migrations folder alone.".to_owned();
            return Err((format!("The archive holds more than is opened: {path} is where it gets too large"), help));
        }
        // A file of another encoding is told as such where it counts; here it only must not vanish.
        let text =
            String::from_utf8(content).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        if !files.iter().any(|file| file.path == path) {
            files.push(File { path, text });
        }
    }
    if files.is_empty() {
        let help = "It should hold the scripts of a migrations folder, files that end in .py.".to_owned();
        return Err(("The archive holds no scripts".to_owned(), help));
    }
    Ok(without_shared_folder(files))
}

/// The path of an entry that can bear on migrations.
fn wanted(name: &str) -> Option<String> {
    let path = clean(name)?;
    let foreign = ["node_modules", "__pycache__", ".git", ".venv", "venv", "site-packages", "__MACOSX"];
    if path.split('/').any(|part| foreign.contains(&part) || part.starts_with("._")) {
        return None;
    }
    let ending = path.rsplit_once('.').map(|(_, ending)| ending)?;
    matches!(ending, "py" | "sql" | "toml" | "ini" | "cfg" | "mako").then_some(path)
}

/// The files without the one folder that all are in, as archives of repositories have it, unless it is a project's own.
fn without_shared_folder(mut files: Vec<File>) -> Vec<File> {
    let folder = files.first().and_then(|file| file.path.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    let Some(folder) = folder.filter(|folder| !matches!(folder.as_str(), "versions/" | "migrations/" | "alembic/"))
    else {
        return files;
    };
    if files.iter().all(|file| file.path.starts_with(&folder)) {
        for file in &mut files {
            file.path = file.path.strip_prefix(&folder).unwrap_or(&file.path).to_owned();
        }
    }
    files
}

/// The files as an archive.
pub(crate) fn zip(files: &[File]) -> Result<Vec<u8>, Refusal> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = || {
        for file in files {
            writer.start_file(file.path.as_str(), options)?;
            writer.write_all(file.text.as_bytes())?;
        }
        Ok::<(), zip::result::ZipError>(())
    };
    write().map_err(|error| unreadable(&error))?;
    let finished = writer.finish().map_err(|error| unreadable(&error))?;
    Ok(finished.into_inner())
}

fn unreadable(error: &dyn std::fmt::Display) -> Refusal {
    (format!("The archive can't be read: {error}"), "It should be a zip file that is not encrypted.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let files = vec![file("alembic.ini", "[alembic]"), file("versions/a.py", &"revision = 'ä'\n".repeat(50))];
        let bytes = zip(&files).unwrap();
        assert!(bytes.len() < 700, "{}", bytes.len());
        assert_eq!(unzip(bytes), Ok(files));
    }

    #[test]
    fn paths_stay_in_the_workspace_and_other_files_out_of_it() {
        let files = [
            file("repo-main/../../evil.py", "x"),
            file("repo-main/versions/a.py", "y"),
            file("repo-main/node_modules/a.py", "z"),
            file("repo-main/photo.png", "z"),
        ];
        let paths: Vec<String> = unzip(zip(&files).unwrap()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["evil.py", "versions/a.py"]);
    }

    #[test]
    fn bombs_and_noise_are_refused() {
        let check = |bytes: Vec<u8>, said: &str| {
            let (message, help) = unzip(bytes).unwrap_err();
            assert!(message.contains(said) && !help.is_empty(), "{message}");
        };
        check(b"PK not really".to_vec(), "can't be read");
        check(zip(&[file("photo.png", "")]).unwrap(), "no scripts");
        check(zip(&[file("a.py", &"a".repeat(LARGEST as usize + 1))]).unwrap(), "too large");
        let many: Vec<File> = (0..9).map(|n| file(&format!("{n}.py"), &"a".repeat(LARGEST as usize))).collect();
        check(zip(&many).unwrap(), "too large");
    }
}
