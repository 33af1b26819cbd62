//! Paths of a file tree: `/` between the parts, nothing in front, the root is the empty string.

/// A path put together from a folder and what stands relative to it; `..` and `.` are resolved. `None` where it
/// leads out of the tree.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let relative = relative.replace('\\', "/");
    let mut parts: Vec<&str> = if relative.starts_with('/') { Vec::new() } else { split(folder) };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The parts of a path.
fn split(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect()
}

/// A path as a user may write it, without `./` and trailing slashes.
pub(super) fn clean(path: &str) -> String {
    join("", path).unwrap_or_default()
}

/// The folder that a path stands in.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a file is named as Python names its modules; upper case is no such name.
pub(in crate::alembic) fn is_python(name: &str) -> bool {
    name.strip_suffix(".py").is_some()
}

/// The path of an entry of a folder.
pub(crate) fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A path as it reads from a folder above it.
pub(crate) fn relative<'a>(path: &'a str, root: &str) -> &'a str {
    if root.is_empty() {
        return path;
    }
    path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{clean, join};

    #[test]
    fn paths_are_joined_and_cleaned() {
        assert_eq!(join("app", "../db/./versions").as_deref(), Some("db/versions"));
        assert_eq!(join("", ".."), None);
        assert_eq!(clean("./migrations/"), "migrations");
        assert_eq!(clean("."), "");
    }
}
