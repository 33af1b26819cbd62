//! Paths of the file tree, joined and taken apart.

/// `path` as seen from the folder `root`, with `..` where it lies outside. Both are paths of one tree.
pub(crate) fn relative(path: &str, root: &str) -> String {
    let root: Vec<&str> = parts(root).collect();
    let path: Vec<&str> = parts(path).collect();
    let shared = root.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = root.iter().skip(shared).map(|_| "..");
    let down = path.iter().skip(shared).copied();
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// `path`, which is seen from `root`, as seen from where `root` is; the opposite of [`relative`].
pub(crate) fn join(root: &str, path: &str) -> String {
    let absolute = root.starts_with('/');
    let mut joined: Vec<&str> = parts(root).collect();
    for part in parts(path) {
        match joined.last() {
            Some(last) if part == ".." && *last != ".." => _ = joined.pop(),
            _ => joined.push(part),
        }
    }
    let joined = joined.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, root: &str, expected: &str) {
        assert_eq!(relative(path, root), expected);
        assert_eq!(join(root, expected), path);
    }

    #[test]
    fn relative_and_join_are_opposites() {
        check("migrations/shop/versions/a.py", "migrations/shop", "versions/a.py");
        check("versions/a.py", "", "versions/a.py");
        check("app/models.py", "migrations", "../app/models.py");
        check("migrations/shared.py", "migrations/shop", "../shared.py");
        check("/srv/app/versions/a.py", "/srv/app", "versions/a.py");
        check("../app/versions/a.py", "../app", "versions/a.py");
    }
}
