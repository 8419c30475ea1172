//! Text in XML 1.0. What no XML may hold, control characters for the most part, is left out.

use std::fmt;

/// A text as the value of an attribute, its quotes left to the template.
pub(super) struct Attribute<'a>(pub &'a str);

impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().filter(is_legal).try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '"' => f.write_str("&quot;"),
            '\t' => f.write_str("&#x9;"),
            '\n' => f.write_str("&#xA;"),
            '\r' => f.write_str("&#xD;"),
            _ => fmt::Write::write_char(f, character),
        })
    }
}

/// A text as it is, between the marks of a section of it.
pub(super) fn cdata(text: &str) -> String {
    let legal: String = text.chars().filter(is_legal).collect();
    format!("<![CDATA[{}]]>", legal.replace("]]>", "]]]]><![CDATA[>"))
}

fn is_legal(character: &char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_may_not_hold_is_left_out_and_marks_are_kept_apart() {
        let text = "a\u{1b}[31m \"b\" <c> & ]]>]]>\r\n\t\u{fffe}é𝄞\0";
        assert_eq!(
            Attribute(text).to_string(),
            "a[31m &quot;b&quot; &lt;c> &amp; ]]>]]>&#xD;&#xA;&#x9;é𝄞"
        );
        assert_eq!(
            cdata(text),
            "<![CDATA[a[31m \"b\" <c> & ]]]]><![CDATA[>]]]]><![CDATA[>\r\n\té𝄞]]>"
        );
    }
}
