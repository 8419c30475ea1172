//! The tags of a tag line.

use super::error::Fault;
use super::line::{Line, is_space};
use super::token::RawTag;

/// The tags of a line that begins with `@`, up to a comment.
///
/// A lone `@` is passed over, and does not count in the columns of what follows it: that is how the
/// official parser counts.
pub(super) fn tags<'s>(line: &Line<'s>) -> Result<Vec<RawTag<'s>>, Fault> {
    let text = before_comment(line.trimmed);
    let mut tags = Vec::new();
    let mut column = line.column();
    let mut end = 0;
    for item in text.split('@') {
        let start = end.max(1) - 1;
        end += item.len() + 1;
        let name = item.trim_end_matches(is_space);
        if name.is_empty() {
            continue;
        }
        if name.contains(is_space) {
            return Err(Fault::white_space_in_tag(line.number, column));
        }
        tags.push(RawTag { name: &text[start..=start + name.len()], line: line.number, column });
        column += item.chars().count() as u32 + 1;
    }
    Ok(tags)
}

/// The text up to a `#` that follows white space.
fn before_comment(text: &str) -> &str {
    for (at, _) in text.match_indices('#') {
        if let Some(space) = text[..at].chars().next_back().filter(|&before| is_space(before)) {
            return &text[..at - space.len_utf8()];
        }
    }
    text
}

/// The tags of a Markdown line: each in a code span of its own, anywhere in the line. Columns count
/// UTF-16 units from the first character that is not white space.
pub(super) fn markdown_tags<'s>(line: &Line<'s>) -> Vec<RawTag<'s>> {
    let mut tags = Vec::new();
    let mut rest = line.trimmed;
    let mut column = line.column();
    while let Some(at) = rest.find("`@") {
        let name = &rest[at + 1..];
        let Some(length) = name.find('`') else { break };
        let before = rest[..=at].encode_utf16().count() as u32;
        if length == 1 {
            // An empty tag: its closing backtick may open the next one.
            (column, rest) = (column + before + 1, &name[1..]);
            continue;
        }
        let name = &name[..length];
        tags.push(RawTag { name, line: line.number, column: column + before });
        column += before + name.encode_utf16().count() as u32 + 1;
        rest = &rest[at + 1 + length + 1..];
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(&str, u32)>, Fault> {
        let tags = tags(&Line::new(1, text))?;
        Ok(tags.into_iter().map(|tag| (tag.name, tag.column)).collect())
    }

    #[test]
    fn tags_may_touch_and_a_comment_ends_them() {
        assert_eq!(
            read("  @a@b  @c#d @🥒 @e #@f"),
            Ok(vec![("@a", 3), ("@b", 5), ("@c#d", 9), ("@🥒", 14), ("@e", 17)])
        );
    }

    #[test]
    fn a_lone_at_sign_is_no_tag() {
        assert_eq!(read("@ @@a"), Ok(vec![("@a", 1)]));
    }

    #[test]
    fn white_space_in_a_tag() {
        assert_eq!(read("@a @b c @d"), Err(Fault::white_space_in_tag(1, 4)));
    }

    #[test]
    fn markdown_tags_are_code_spans() {
        let read = |text| {
            let tags = markdown_tags(&Line::new(1, text));
            tags.into_iter().map(|tag| (tag.name, tag.column)).collect::<Vec<_>>()
        };
        assert_eq!(read(" `@a` or `@b c`, not @d or `@e"), [("@a", 3), ("@b c", 11)]);
        assert_eq!(read("`@`@a`"), [("@a", 4)]);
    }
}
