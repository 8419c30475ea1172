//! The tree of capture groups that Messages wants of a match.

use std::ops::Range;

use super::regexp::Span;
use crate::messages::Group;

/// How the capture groups of a regular expression nest. Index 0 is the whole match, as in JavaScript.
#[derive(Debug)]
pub(super) struct GroupTree {
    captures: Vec<Capture>,
}

#[derive(Debug)]
struct Capture {
    /// The capture group around this one; groups that do not capture are passed over.
    parent: usize,
    /// What stands between the parentheses, as byte offsets of the source. A named group's includes `?<name>`.
    source: Range<usize>,
}

impl GroupTree {
    /// Reads the nesting from the source of a valid regular expression.
    pub fn parse(source: &str) -> GroupTree {
        let bytes = source.as_bytes();
        let mut captures = vec![Capture { parent: 0, source: 0..bytes.len() }];
        let mut open: Vec<Option<usize>> = Vec::new();
        let (mut escaped, mut in_class) = (false, false);
        for (index, byte) in bytes.iter().enumerate() {
            match byte {
                b'[' if !escaped => in_class = true,
                b']' if !escaped => in_class = false,
                b'(' if !escaped && !in_class => {
                    open.push(captures_at(bytes, index).then(|| {
                        let parent = open.iter().rev().find_map(|group| *group).unwrap_or(0);
                        captures.push(Capture { parent, source: index + 1..index + 1 });
                        captures.len() - 1
                    }));
                }
                b')' if !escaped && !in_class => {
                    if let Some(Some(group)) = open.pop() {
                        captures[group].source.end = index;
                    }
                }
                _ => {}
            }
            escaped = *byte == b'\\' && !escaped;
        }
        GroupTree { captures }
    }

    /// How many captures there are, the whole match included.
    pub fn len(&self) -> usize {
        self.captures.len()
    }

    /// The sources of the outermost capture groups, in order.
    pub fn top_level_sources<'s>(&self, source: &'s str) -> impl Iterator<Item = &'s str> {
        let outermost = self.captures.iter().skip(1).filter(|capture| capture.parent == 0);
        outermost.map(|capture| source.get(capture.source.clone()).unwrap_or_default())
    }

    /// How many outermost capture groups there are.
    pub fn top_level_len(&self) -> usize {
        self.captures.iter().skip(1).filter(|capture| capture.parent == 0).count()
    }

    /// The group of the whole match. `spans` has one entry per capture, the whole match first.
    pub fn build(&self, spans: Vec<Option<Span>>) -> Group {
        let mut spans = spans.into_iter();
        let mut groups: Vec<Group> =
            self.captures.iter().map(|_| leaf(spans.next().flatten())).collect();
        // A child's index is above its parent's, so from the end every group is complete when it is taken;
        // its own children have then come in backwards.
        while let Some(mut group) = groups.pop() {
            if let Some(children) = &mut group.children {
                children.reverse();
            }
            let parent = self.captures[groups.len()].parent;
            match groups.get_mut(parent) {
                Some(parent) => parent.children.get_or_insert_default().push(group),
                None => return group,
            }
        }
        leaf(None)
    }
}

fn leaf(span: Option<Span>) -> Group {
    let (start, value) = span.map(|span| (span.start, span.value)).unzip();
    Group { children: None, start, value }
}

/// Whether the parenthesis at `index` opens a capture group, named or not.
fn captures_at(source: &[u8], index: usize) -> bool {
    match source.get(index + 1..) {
        Some([b'?', b'<', b'=' | b'!', ..]) => false,
        Some([b'?', b'<', ..]) => true,
        Some([b'?', ..]) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_do_not_capture_hand_their_children_up() {
        let source = r"(a(?:b(c))(?<n>d)(?<=e)(?<!f)(?=g))[(](\()";
        let tree = GroupTree::parse(source);
        let sources: Vec<_> =
            tree.captures.iter().map(|capture| &source[capture.source.clone()]).collect();
        assert_eq!(sources[1..], [r"a(?:b(c))(?<n>d)(?<=e)(?<!f)(?=g)", "c", "?<n>d", r"\("]);
        let parents: Vec<_> = tree.captures.iter().map(|capture| capture.parent).collect();
        assert_eq!(parents, [0, 0, 1, 1, 0]);
        assert_eq!(tree.top_level_sources(source).last(), Some(r"\("));
    }

    #[test]
    fn children_keep_their_order() {
        let tree = GroupTree::parse("((a)(b))(c)");
        let span = |start, value: &str| Some(Span { start, value: value.into() });
        let group =
            tree.build(vec![span(0, "abc"), span(0, "ab"), span(0, "a"), None, span(2, "c")]);
        let children = group.children.unwrap();
        assert_eq!(children[0].children.as_ref().unwrap()[0].value.as_deref(), Some("a"));
        assert_eq!(children[0].children.as_ref().unwrap()[1], leaf(None));
        assert_eq!((children[1].start, children[1].children.is_none()), (Some(2), true));
    }
}
