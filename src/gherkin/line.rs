//! The lines of a feature file.

/// One line, without its line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'s> {
    /// Counted from 1.
    pub number: u32,
    /// All of it, indentation included.
    pub text: &'s str,
    /// Without leading white space.
    pub trimmed: &'s str,
    /// The leading white space, in code points.
    pub indent: u32,
}

impl<'s> Line<'s> {
    pub(super) fn new(number: u32, text: &'s str) -> Line<'s> {
        let ascii = text.bytes().take_while(|&byte| is_ascii_space(byte)).count();
        let (mut trimmed, mut indent) = (&text[ascii..], ascii as u32);
        if trimmed.as_bytes().first().is_some_and(|byte| !byte.is_ascii()) {
            trimmed = trimmed.trim_start_matches(is_space);
            indent = text[..text.len() - trimmed.len()].chars().count() as u32;
        }
        Line { number, text, trimmed, indent }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.trimmed.is_empty()
    }

    /// The column of the first character that is not white space, counted from 1.
    pub(super) fn column(&self) -> u32 {
        self.indent + 1
    }

    /// The line without `indent` code points of white space, or without what it has where it has
    /// less.
    pub(super) fn without_indent(&self, indent: u32) -> &'s str {
        if indent > self.indent {
            return self.trimmed;
        }
        let mut characters = self.text.chars();
        for _ in 0..indent {
            characters.next();
        }
        characters.as_str()
    }
}

/// Reads a text line by line.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    /// What is not read yet; none at the end of the file.
    rest: Option<&'s str>,
    number: u32,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str) -> Lines<'s> {
        Lines { rest: Some(source), number: 0 }
    }

    /// The number of the line read last, or of the one past the end.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// The next line; none at the end of the file. A blank last line is not one.
    pub(super) fn next(&mut self) -> Option<Line<'s>> {
        self.number += 1;
        let rest = self.rest.take()?;
        match rest.split_once('\n') {
            Some((text, rest)) => {
                self.rest = Some(rest);
                Some(Line::new(self.number, text.strip_suffix('\r').unwrap_or(text)))
            }
            None => Some(Line::new(self.number, rest)).filter(|line| !line.is_blank()),
        }
    }
}

/// White space as ECMAScript has it, which is what the official parser trims: a byte order mark is
/// white space, U+0085 is not.
pub(super) fn is_space(character: char) -> bool {
    match character {
        '\u{85}' => false,
        '\u{feff}' => true,
        other => other.is_whitespace(),
    }
}

fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Without white space at either end.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        let mut lines = Lines::new(source);
        std::iter::from_fn(|| lines.next()).map(|line| line.text).collect()
    }

    #[test]
    fn lines_end_at_lf_and_crlf_but_not_at_a_lone_cr() {
        assert_eq!(texts("a\nb\r\nc\rd\r\r\n"), ["a", "b", "c\rd\r"]);
    }

    #[test]
    fn only_one_blank_last_line_is_dropped() {
        assert_eq!(texts(""), [""; 0]);
        assert_eq!(texts("a\n\n"), ["a", ""]);
        assert_eq!(texts("a\n \t"), ["a"]);
    }

    #[test]
    fn the_line_past_the_end_has_a_number() {
        let mut lines = Lines::new("a\nb");
        while lines.next().is_some() {}
        assert_eq!(lines.number(), 3);
    }

    #[test]
    fn indentation_counts_code_points_of_ecmascript_white_space() {
        let line = Line::new(1, "\u{feff} \u{3000}\u{2028}x ");
        assert_eq!((line.indent, line.trimmed), (4, "x "));
        assert_eq!(Line::new(1, "\u{85}x").indent, 0);
        assert_eq!(Line::new(1, " \u{a0}\u{b}").trimmed, "");
    }

    #[test]
    fn indentation_is_taken_away_as_far_as_there_is_any() {
        let line = Line::new(1, "\u{a0} \tx");
        assert_eq!(line.without_indent(0), "\u{a0} \tx");
        assert_eq!(line.without_indent(2), "\tx");
        assert_eq!(line.without_indent(9), "x");
    }
}
