//! [`admit`]: which of the files that a visitor brings are read.

/// So many files, and no more.
const FILES: usize = 1_500;
/// So many bytes in all, and no more.
const BYTES: u32 = 4_000_000;
/// What revproof reads, by the end of its name.
const READ: [&str; 6] = [".py", ".toml", ".ini", ".cfg", ".sql", ".mako"];
/// What says how scripts are read.
const SETTINGS: [&str; 4] = [".toml", ".ini", ".cfg", "env.py"];
/// Folders in which nothing is the visitor's own.
const FOREIGN: [&str; 7] = ["__pycache__", "node_modules", "site-packages", ".git", ".venv", "venv", ".tox"];

/// Whether a file is one that revproof reads.
pub(super) fn wanted(path: &str) -> bool {
    let mut parts = path.split('/');
    let name = parts.next_back().unwrap_or_default().to_ascii_lowercase();
    READ.iter().any(|end| name.ends_with(end)) && !parts.any(|folder| FOREIGN.contains(&folder))
}

/// Takes the files that are read, by path and size, as many as the page can hold: scripts and settings before others.
/// Says what is left out, where that is anything but files that revproof never reads.
pub(super) fn admit<T>(mut files: Vec<(String, u32, T)>) -> (Vec<(String, T)>, Option<String>) {
    files.retain(|(path, ..)| wanted(path));
    // A script is worth more than a model that it may import; the order is otherwise that of the paths.
    let files = in_order(files, |(path, ..)| (weight(path), path.clone()));
    let (mut kept, mut bytes) = (Vec::new(), 0_u32);
    let mut left: Vec<String> = Vec::new();
    for (path, size, file) in files {
        if kept.len() < FILES && bytes.saturating_add(size) <= BYTES {
            bytes += size;
            kept.push((path, file));
        } else {
            left.push(path);
        }
    }
    (in_order(kept, |(path, _)| path.clone()), told(&left))
}

/// Sorted. (The page sorts nothing but this, and Rust's own way is 5 KB for each type, made for millions.)
fn in_order<T, K: Ord>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut sorted: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        let before = sorted.partition_point(|other| key(other) <= key(&item));
        sorted.insert(before, item);
    }
    sorted
}

fn told(left: &[String]) -> Option<String> {
    let first = left.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if left.len() > 3 { format!(" and {} more", left.len() - 3) } else { String::new() };
    (!left.is_empty()).then(|| {
        format!(
            "The page holds {FILES} files and {} MB. Left out: {first}{more}. The command proves all: revproof check.",
            BYTES / 1_000_000
        )
    })
}

fn weight(path: &str) -> u8 {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if SETTINGS.iter().any(|end| name.ends_with(end)) {
        0
    } else if path.contains("versions/") {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(brought: &[(&str, u32)], read: &[&str], left: Option<&str>) {
        let files = brought.iter().map(|(path, size)| ((*path).to_owned(), *size, ())).collect();
        let (kept, told) = admit(files);
        assert_eq!(kept.iter().map(|(path, ())| path.as_str()).collect::<Vec<_>>(), read);
        match (told, left) {
            (None, None) => {}
            (Some(told), Some(left)) => assert!(told.contains(left), "{told}"),
            (told, left) => panic!("{told:?} instead of {left:?}"),
        }
    }

    #[test]
    fn what_revproof_never_reads_is_left_out_in_silence() {
        check(
            &[
                ("m/versions/a.py", 9),
                ("m/versions/__pycache__/a.cpython-311.py", 9),
                ("m/README", 9),
                ("logo.png", 4_000_000_000),
                ("m/alembic.ini", 9),
                (".venv/lib/x.py", 9),
                ("PyProject.TOML", 9),
            ],
            &["PyProject.TOML", "m/alembic.ini", "m/versions/a.py"],
            None,
        );
    }

    #[test]
    fn scripts_come_before_others_where_not_all_have_room() {
        check(
            &[("app/models.py", 3_500_000), ("versions/a.py", 900_000), ("pyproject.toml", 100)],
            &["pyproject.toml", "versions/a.py"],
            Some("Left out: app/models.py. "),
        );
    }

    #[test]
    fn there_are_so_many_files_at_most() {
        let names: Vec<String> = (0..FILES + 4).map(|n| format!("versions/{n:04}.py")).collect();
        let brought: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        let read: Vec<&str> = names.iter().take(FILES).map(String::as_str).collect();
        check(&brought, &read, Some("versions/1500.py, versions/1501.py, versions/1502.py and 1 more"));
    }
}
