//! What of the shell's grammar is needed to put values into a script: where quoting is sound, and how to quote.

use super::placeholder::Quoting;

/// Follows the quotes of a script up to a place.
///
/// It knows quotes, escapes and comments. What would need more of the grammar (command substitution in quotes, here
/// documents) makes every later place unsound, which is an error rather than a guess.
#[derive(Default)]
pub(super) struct Scanner {
    state: State,
    /// What came before, for tokens of two characters and for comments.
    previous: Option<char>,
    escaped: bool,
    unsound: Option<&'static str>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Bare,
    Double,
    Single,
    Comment,
}

impl Scanner {
    /// Reads on over a literal part of the script.
    pub(super) fn read(&mut self, literal: &str) {
        for c in literal.chars() {
            self.step(c);
        }
    }

    /// How a value that stands here is to be quoted. The value counts as a character of a word from now on.
    pub(super) fn quoting(&mut self) -> Result<Quoting, String> {
        let unsound = |what| {
            format!(
                "stands where its value cannot be quoted soundly ({what}); move it out of there, or use the array form"
            )
        };
        if let Some(what) = self.unsound {
            return Err(unsound(what));
        }
        if self.escaped {
            return Err(unsound("after a backslash"));
        }
        if self.previous == Some('$') && self.state != State::Single {
            return Err(unsound("after a \"$\""));
        }
        self.previous = Some('x');
        match self.state {
            State::Bare => Ok(Quoting::Bare),
            State::Double => Ok(Quoting::Double),
            State::Single => Ok(Quoting::Single),
            State::Comment => Err(unsound("in a comment")),
        }
    }

    fn step(&mut self, c: char) {
        let previous = self.previous.replace(c);
        if self.escaped {
            self.escaped = false;
            // An escaped character is part of a word, whatever it is.
            self.previous = Some('x');
            return;
        }
        match (self.state, c) {
            (State::Single, '\'') => self.state = State::Bare,
            (State::Single, _) => {}
            (State::Comment, '\n') => self.state = State::Bare,
            (State::Comment, _) => {}
            (_, '\\') => self.escaped = true,
            (_, '`') => {
                self.unsound = Some("after a backquote; use $(…) for a command substitution")
            }
            (State::Double, '"') => self.state = State::Bare,
            (State::Double, '(') if previous == Some('$') => {
                self.unsound = Some("after \"$(\" between double quotes");
            }
            (State::Double, _) => {}
            (State::Bare, '"') => self.state = State::Double,
            (State::Bare, '\'') if previous == Some('$') => self.unsound = Some("after $'…'"),
            (State::Bare, '\'') => self.state = State::Single,
            (State::Bare, '(') if previous == Some('(') => self.unsound = Some("after \"((\""),
            (State::Bare, '<') if previous == Some('<') => {
                self.unsound = Some("after a here document")
            }
            (State::Bare, '#')
                if previous.is_none_or(|p| p.is_whitespace() || ";&|()<>".contains(p)) =>
            {
                self.state = State::Comment;
            }
            (State::Bare, _) => {}
        }
    }
}

/// A value, quoted so that the shell takes it as it is.
pub(super) fn quote(value: &str, quoting: Quoting) -> String {
    match quoting {
        Quoting::None => value.to_owned(),
        Quoting::Bare => format!("'{}'", value.replace('\'', r"'\''")),
        Quoting::Single => value.replace('\'', r"'\''"),
        Quoting::Double => {
            let mut quoted = String::with_capacity(value.len());
            for c in value.chars() {
                if matches!(c, '"' | '$' | '`' | '\\') {
                    quoted.push('\\');
                }
                quoted.push(c);
            }
            quoted
        }
    }
}

/// The value that was quoted so: what [`quote`] makes of it is this very text. A bare word that needs no quotes is its
/// own value.
pub(super) fn unquote(text: &str, quoting: Quoting) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./-".contains(c);
    let value = match quoting {
        Quoting::None => return Some(text.to_owned()),
        Quoting::Bare if !text.is_empty() && text.chars().all(is_plain) => {
            return Some(text.to_owned());
        }
        Quoting::Bare => text.strip_prefix('\'')?.strip_suffix('\'')?.replace(r"'\''", "'"),
        Quoting::Single => text.replace(r"'\''", "'"),
        Quoting::Double => {
            let mut value = String::with_capacity(text.len());
            let mut chars = text.chars();
            while let Some(c) = chars.next() {
                value.push(if c == '\\' { chars.next()? } else { c });
            }
            value
        }
    };
    (quote(&value, quoting) == text).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(script: &str) -> Result<Quoting, String> {
        let mut scanner = Scanner::default();
        scanner.read(script);
        scanner.quoting()
    }

    #[test]
    fn follows_quotes() {
        assert_eq!(at("echo "), Ok(Quoting::Bare));
        assert_eq!(at("echo \""), Ok(Quoting::Double));
        assert_eq!(at("echo '\" "), Ok(Quoting::Single));
        assert_eq!(at("echo \"it's\" "), Ok(Quoting::Bare));
        assert_eq!(at("echo \\\" "), Ok(Quoting::Bare));
        assert_eq!(at("echo \"a\\\"b"), Ok(Quoting::Double));
        assert_eq!(at("x=$(cat "), Ok(Quoting::Bare));
        assert_eq!(at("a # it's\nb "), Ok(Quoting::Bare));
        assert_eq!(at("a#'"), Ok(Quoting::Single));
    }

    #[test]
    fn refuses_unsound_places() {
        for script in [
            "`cat ",
            "\"$(cat ",
            "cat <<EOF\n",
            "$((",
            "$'a",
            "ls # ",
            "echo \\",
            "echo $",
            "echo \"$",
            "a; # x",
        ] {
            assert!(at(script).unwrap_err().contains("cannot be quoted soundly"), "{script}");
        }
    }

    #[test]
    fn the_shell_gives_every_value_back() {
        let script = "printf '%s\\n' ${v} \"${v}\" '${v}' a${v}b \"$(printf %s x)\"";
        let template = super::super::placeholder::Template::script(script).unwrap();
        for value in [
            "", " ", "a'b", "\"", "$HOME", "$(id)", "`id`", "\\", "\\\\n", "*", "~", "a\nb", "!x",
            "-n", "#", "é😀", "'\"$`\\",
        ] {
            let values = serde_json::json!({ "v": value });
            let text = template.fill(values.as_object().unwrap()).unwrap();
            let output = std::process::Command::new("sh").arg("-c").arg(&text).output().unwrap();
            let expected = format!("{value}\n{value}\n{value}\na{value}b\nx\n");
            assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{text}");
        }
    }
}
