//! Terminal styles, applied as Node's `util.styleText` applies them.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, de};

/// An ANSI escape code that begins a style, and the one that ends it.
type Code = (u8, u8);

const BOLD: u8 = 1;
const DIM: u8 = 2;

/// How a piece of text looks: any number of codes, none by default.
///
/// In format options it is the name of one style, or a list of names, as `util.styleText` takes
/// them: `"red"`, `["bold", "bgBlue"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Style(Vec<Code>);

impl Style {
    /// The style of that name, or `None` where there is no such style.
    pub fn named(name: &str) -> Option<Self> {
        if name == "none" {
            return Some(Self::default());
        }
        Some(Self(vec![code(name)?]))
    }

    /// `text` in this style. A style that ends inside of `text` does not end this one.
    pub fn paint(&self, text: &str) -> String {
        let mut inner = text.to_string();
        for code in &self.0 {
            inner = resume_after_end(&inner, *code);
        }
        let mut painted = String::with_capacity(inner.len() + 10 * self.0.len());
        for (begin, _) in &self.0 {
            push_escape(&mut painted, *begin);
        }
        painted.push_str(&inner);
        for (_, end) in self.0.iter().rev() {
            push_escape(&mut painted, *end);
        }
        painted
    }

    fn is_plain(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Style {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected the name of a style, or a list of names")]
        enum Names {
            One(String),
            Many(Vec<String>),
        }
        let names = match Names::deserialize(deserializer)? {
            Names::One(name) => vec![name],
            Names::Many(names) => names,
        };
        let mut codes = Vec::new();
        for name in names {
            let style = Self::named(&name).ok_or_else(|| {
                de::Error::custom(format!(
                    "unknown style \"{name}\": use names that Node's util.styleText knows, such as \"red\" or \"bold\""
                ))
            })?;
            codes.extend(style.0);
        }
        Ok(Self(codes))
    }
}

/// Applies styles where the target shows colours, and leaves text alone where it does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painter {
    pub colors: bool,
}

impl Painter {
    pub fn paint(self, text: impl Into<String>, style: &Style) -> String {
        let text = text.into();
        if self.colors && !style.is_plain() { style.paint(&text) } else { text }
    }

    /// As [`Self::paint`], each line on its own, so that indenting lines afterwards is harmless.
    pub fn paint_lines(self, text: &str, style: &Style) -> String {
        if !self.colors || style.is_plain() {
            return text.to_string();
        }
        text.split('\n').map(|line| style.paint(line)).collect::<Vec<_>>().join("\n")
    }
}

/// Begins the style anew wherever `text` itself ends one of its kind; at the very end there is
/// nothing left to style.
fn resume_after_end(text: &str, (begin, end): Code) -> String {
    let end = format!("\u{1b}[{end}m");
    if !text.contains(&end) {
        return text.to_string();
    }
    let mut resumed = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(&end) {
        let (before, after) = (&rest[..at], &rest[at + end.len()..]);
        resumed.push_str(before);
        if after.is_empty() {
            resumed.push_str(&end);
        } else {
            // Bold and dim share their end, so the one that ended there has to end all the same.
            if matches!(begin, BOLD | DIM) {
                resumed.push_str(&end);
            }
            push_escape(&mut resumed, begin);
        }
        rest = after;
    }
    resumed.push_str(rest);
    resumed
}

fn push_escape(text: &mut String, code: u8) {
    // Writing to a String does not fail.
    let _ = write!(text, "\u{1b}[{code}m");
}

/// The codes by the names of Node's `util.inspect.colors`, aliases included.
fn code(name: &str) -> Option<Code> {
    Some(match name {
        "reset" => (0, 0),
        "bold" => (BOLD, 22),
        "dim" | "faint" => (DIM, 22),
        "italic" => (3, 23),
        "underline" => (4, 24),
        "blink" => (5, 25),
        "inverse" | "swapcolors" | "swapColors" => (7, 27),
        "hidden" | "conceal" => (8, 28),
        "strikethrough" | "strikeThrough" | "crossedout" | "crossedOut" => (9, 29),
        "doubleunderline" | "doubleUnderline" => (21, 24),
        "framed" => (51, 54),
        "overlined" => (53, 55),
        _ => return color_code(name),
    })
}

fn color_code(name: &str) -> Option<Code> {
    const COLORS: [&str; 8] =
        ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    let (first, end, name) = match name.strip_prefix("bg") {
        Some(background) => (40, 49, background.to_ascii_lowercase()),
        None if name.starts_with(|c: char| c.is_ascii_lowercase()) => {
            (30, 39, name.to_ascii_lowercase())
        }
        None => return None,
    };
    if matches!(name.as_str(), "gray" | "grey") {
        return Some((first + 60, end));
    }
    let (color, bright) = match name.strip_suffix("bright") {
        Some(color) => (color, 60),
        None => (name.as_str(), 0),
    };
    let index = COLORS.iter().position(|known| *known == color)?;
    Some((first + bright + index as u8, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(names: &str) -> Style {
        serde_json::from_str(names).expect("a style")
    }

    #[test]
    fn codes_are_those_of_node() {
        assert_eq!(style("\"red\"").paint("x"), "\u{1b}[31mx\u{1b}[39m");
        assert_eq!(style("\"blackBright\"").paint("x"), "\u{1b}[90mx\u{1b}[39m");
        assert_eq!(style("\"gray\""), style("\"blackBright\""));
        assert_eq!(style("\"bgBlueBright\"").paint("x"), "\u{1b}[104mx\u{1b}[49m");
        assert_eq!(
            style(r#"["yellow","bold"]"#).paint("q"),
            "\u{1b}[33m\u{1b}[1mq\u{1b}[22m\u{1b}[39m"
        );
        assert_eq!(style("\"none\""), Style::default());
    }

    #[test]
    fn a_style_goes_on_after_one_inside_of_it_has_ended() {
        assert_eq!(
            style("\"green\"").paint("x\u{1b}[31mred\u{1b}[39m tail"),
            "\u{1b}[32mx\u{1b}[31mred\u{1b}[32m tail\u{1b}[39m"
        );
        assert_eq!(style("\"green\"").paint("x\u{1b}[39m"), "\u{1b}[32mx\u{1b}[39m\u{1b}[39m");
        assert_eq!(
            style("\"bold\"").paint("a\u{1b}[2mx\u{1b}[22mb"),
            "\u{1b}[1ma\u{1b}[2mx\u{1b}[22m\u{1b}[1mb\u{1b}[22m"
        );
    }

    #[test]
    fn an_unknown_style_is_named() {
        let error = serde_json::from_str::<Style>("\"redish\"").unwrap_err().to_string();
        assert!(error.contains("unknown style \"redish\""), "{error}");
    }

    #[test]
    fn without_colours_text_stays_as_it_is() {
        let red = style("\"red\"");
        assert_eq!(Painter { colors: false }.paint("x", &red), "x");
        assert_eq!(
            Painter { colors: true }.paint_lines("a\n", &red),
            "\u{1b}[31ma\u{1b}[39m\n\u{1b}[31m\u{1b}[39m"
        );
    }
}
