//! The nearest known name to one that is not known.

/// The known name with the fewest edits, if there are few enough that it may have been meant.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match name.chars().count() {
        0..=3 => 1,
        length => (length / 3).max(2),
    };
    known
        .into_iter()
        .map(|known| (strsim::levenshtein(name, known), known))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["run", "ready", "timeout"];
        assert_eq!(nearest("redy", known), Some("ready"));
        assert_eq!(nearest("timout", known), Some("timeout"));
        assert_eq!(nearest("colour", known), None);
    }
}
