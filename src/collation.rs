//! The order of names, as JavaScript's `localeCompare` has it.

/// Sorts as `localeCompare` does for ASCII: punctuation, digits, letters; case only breaks ties, small first.
/// Other letters come last, by code point.
pub(crate) fn key(name: &str) -> (Vec<u32>, Vec<bool>) {
    const PUNCTUATION: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    let primary = |character: char| {
        let lower = character.to_ascii_lowercase();
        match PUNCTUATION.find(lower) {
            Some(index) => 0x20 + index as u32,
            None if lower.is_ascii_alphanumeric() => 0x80 + u32::from(lower),
            None if lower.is_ascii() => u32::from(lower).min(0x20),
            None => 0x200 + u32::from(lower),
        }
    };
    (
        name.chars().map(primary).collect(),
        name.chars().map(|character| character.is_ascii_uppercase()).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_localecompare_does() {
        let mut names = ["b", "B", "a", "_z", "9", "Ab", "aB", "ab", "é"];
        names.sort_by_key(|name| key(name));
        assert_eq!(names, ["_z", "9", "a", "ab", "aB", "Ab", "b", "B", "é"]);
    }
}
