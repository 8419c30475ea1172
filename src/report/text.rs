//! Indenting and measuring text. Widths count UTF-16 code units, as in JavaScript.

/// Every line of `text`, empty ones too, behind `by` spaces.
pub(super) fn indent(text: &str, by: usize) -> String {
    let margin = " ".repeat(by);
    let mut indented = String::with_capacity(text.len() + by);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            indented.push('\n');
        }
        indented.push_str(&margin);
        indented.push_str(line);
    }
    indented
}

/// An entry of a numbered list: `  1) first line`, further lines beneath the text of the first,
/// empty ones left empty.
pub(super) fn numbered(text: &str, number: usize) -> String {
    let lines = text.split('\n').enumerate().map(|(index, line)| match (index, line) {
        (_, "") => String::new(),
        (0, _) => format!("  {number}) {line}"),
        _ => format!("     {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The code units from `start` up to `end`; a range beyond the text, or one that ends before it
/// starts, is cut to what there is.
pub(super) fn slice(text: &str, start: usize, end: usize) -> String {
    let units = end.saturating_sub(start);
    if text.is_ascii() {
        return text.bytes().skip(start).take(units).map(char::from).collect();
    }
    let wanted: Vec<u16> = text.encode_utf16().skip(start).take(units).collect();
    String::from_utf16_lossy(&wanted)
}

/// Without the white space around it, as `String.prototype.trim` sees white space.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indent_reaches_empty_lines_and_a_numbered_entry_does_not() {
        assert_eq!(indent("a\n\nb", 2), "  a\n  \n  b");
        assert_eq!(numbered("a\n\nb", 3), "  3) a\n\n     b");
    }

    #[test]
    fn width_and_slice_count_code_units() {
        assert_eq!(width("a😀é"), 4);
        assert_eq!(slice("a😀é!", 3, 4), "é");
        assert_eq!(slice("abc", 2, 9), "c");
        assert_eq!(slice("abc", 2, 1), "");
    }

    #[test]
    fn trim_is_that_of_javascript() {
        assert_eq!(trim("\u{feff} \n a b \t"), "a b");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
    }
}
