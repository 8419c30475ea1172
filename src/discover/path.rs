//! Paths by their text alone: no file system, no symbolic links.

use std::cmp::Ordering;
use std::path::{Component, Path, PathBuf};

/// Takes `.` and `..` out of an absolute path.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The way from `base` to `path`, both absolute and normal, with `/` between its parts.
pub(crate) fn relative(base: &Path, path: &Path) -> String {
    let shared =
        base.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = base.components().skip(shared).map(|_| "..".into());
    let down =
        path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<String>>().join("/")
}

/// The order in which JavaScript sorts strings: by UTF-16 code units.
pub(super) fn javascript_order(one: &Path, other: &Path) -> Ordering {
    one.to_string_lossy().encode_utf16().cmp(other.to_string_lossy().encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normalize(Path::new("/../a/")), Path::new("/a"));
    }

    #[test]
    fn finds_the_way() {
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/b/c/d")), "c/d");
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/c")), "../c");
        assert_eq!(relative(Path::new("/a"), Path::new("/a")), "");
    }

    #[test]
    fn sorts_as_javascript_does() {
        // U+FF5E comes after the surrogates of U+1F600, although its code point is smaller.
        assert_eq!(javascript_order(Path::new("\u{1F600}"), Path::new("\u{FF5E}")), Ordering::Less);
        assert_eq!(javascript_order(Path::new("a/B"), Path::new("a/a")), Ordering::Less);
    }
}
