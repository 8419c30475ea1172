//! A profile given as one string, split into arguments.

/// Splits `text` as cucumber-js does: at white space, except inside quotes. Quotes around a whole argument are taken
/// off; quotes that start inside one (`--name="a b"`) stay. A quote without its partner is skipped.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if is_quote(first) {
            let inside = &rest[1..];
            match inside.find(first) {
                Some(end) => {
                    arguments.push(inside[..end].to_owned());
                    rest = &inside[end + 1..];
                }
                None => rest = inside,
            }
        } else {
            let (argument, after) = rest.split_at(end_of_word(rest));
            arguments.push(argument.to_owned());
            rest = after;
        }
    }
    arguments
}

/// The length of the word that `text` starts with, quoted parts inside it included.
fn end_of_word(text: &str) -> usize {
    let mut end = 0;
    loop {
        let tail = &text[end..];
        let Some(bare) =
            tail.find(|character: char| character.is_whitespace() || is_quote(character))
        else {
            return text.len();
        };
        end += bare;
        let tail = &text[end..];
        let Some(quote) = tail.chars().next().filter(|character| is_quote(*character)) else {
            return end;
        };
        match tail[1..].find(quote) {
            Some(length) => end += length + 2,
            None => return end,
        }
    }
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_at_white_space_outside_quotes() {
        assert_eq!(split("--name 'a b'  -t \"@x and @y\"\n"), ["--name", "a b", "-t", "@x and @y"]);
    }

    #[test]
    fn keeps_quotes_that_start_inside_a_word() {
        assert_eq!(split(r#"--format="pretty":"o ut" x"#), [r#"--format="pretty":"o ut""#, "x"]);
    }

    #[test]
    fn skips_a_quote_without_partner() {
        assert_eq!(split("a'bc d"), ["a", "bc", "d"]);
        assert_eq!(split("'abc"), ["abc"]);
        assert_eq!(split("''"), [""]);
    }
}
