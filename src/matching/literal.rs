//! What every text that a regular expression matches must contain.
//!
//! Reads only what is plain: literal characters outside of all groups. What it does not understand it passes
//! over, so that it may ask too little of a text but never too much.

use super::Regexp;

/// Conditions that a text must meet for a regular expression to match it. Without any, all are empty.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Literals {
    pub prefix: String,
    pub suffix: String,
    /// The expression matches nothing but `prefix`, and has no groups.
    pub exact: bool,
    /// Words that stand in the text between spaces, or between a space and an end of the text.
    pub words: Vec<String>,
}

/// Consecutive literal characters.
struct Run {
    text: String,
    at_start: bool,
    at_end: bool,
}

impl Literals {
    pub fn of(regexp: &Regexp) -> Literals {
        // Case folding and nested classes are not for this reader.
        if regexp.flags().contains(['i', 'v']) {
            return Literals::default();
        }
        let reader = Reader {
            source: regexp.source().chars().collect(),
            at: 0,
            run: Run { text: String::new(), at_start: false, at_end: false },
            runs: Vec::new(),
        };
        let Some(runs) = reader.read(!regexp.flags().contains('m')) else {
            return Literals::default();
        };
        let mut literals = Literals::default();
        for run in &runs {
            let last = run.text.split(' ').count() - 1;
            let inner = |index: usize| (run.at_start || index > 0) && (run.at_end || index < last);
            let words = run
                .text
                .split(' ')
                .enumerate()
                .filter(|(index, word)| !word.is_empty() && inner(*index));
            literals.words.extend(words.map(|(_, word)| word.to_owned()));
        }
        literals.exact = matches!(&runs[..], [Run { at_start: true, at_end: true, .. }]);
        if let Some(first) = runs.first().filter(|run| run.at_start) {
            literals.prefix.clone_from(&first.text);
        }
        if let Some(last) = runs.last().filter(|run| run.at_end) {
            literals.suffix.clone_from(&last.text);
        }
        literals
    }

    pub fn allow(&self, text: &str) -> bool {
        if self.exact {
            text == self.prefix
        } else {
            text.starts_with(&self.prefix) && text.ends_with(&self.suffix)
        }
    }
}

struct Reader {
    source: Vec<char>,
    at: usize,
    run: Run,
    runs: Vec<Run>,
}

impl Reader {
    /// The runs in order, or nothing if they are alternatives. `anchors` is whether `^` and `$` are the text's ends.
    fn read(mut self, anchors: bool) -> Option<Vec<Run>> {
        if anchors && self.source.first() == Some(&'^') {
            self.run.at_start = true;
            self.at = 1;
        }
        while let Some(&character) = self.source.get(self.at) {
            self.at += 1;
            match character {
                '|' => return None,
                '(' => {
                    self.end_run();
                    self.skip_group()?;
                }
                '[' => {
                    self.end_run();
                    self.skip_class()?;
                }
                '.' | '^' => self.end_run(),
                '$' if anchors && self.at == self.source.len() => self.run.at_end = true,
                '$' => self.end_run(),
                '*' | '+' | '?' => self.quantifier(),
                '{' => {
                    self.quantifier();
                    self.skip_braces()?;
                }
                '\\' => match self.source.get(self.at) {
                    Some(escaped) if !escaped.is_ascii_alphanumeric() => {
                        self.run.text.push(*escaped);
                        self.at += 1;
                    }
                    Some(
                        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 't' | 'n' | 'r' | 'f' | 'v',
                    ) => {
                        self.end_run();
                        self.at += 1;
                    }
                    _ => return None,
                },
                ')' => return None,
                literal => self.run.text.push(literal),
            }
        }
        self.end_run();
        Some(self.runs)
    }

    fn end_run(&mut self) {
        let next = Run { text: String::new(), at_start: false, at_end: false };
        let run = std::mem::replace(&mut self.run, next);
        if run.at_start || run.at_end || !run.text.is_empty() {
            self.runs.push(run);
        }
    }

    /// The character before may be there any number of times.
    fn quantifier(&mut self) {
        self.run.text.pop();
        self.end_run();
    }

    /// To the end of a quantifier, or `None` if the brace stands for itself.
    fn skip_braces(&mut self) -> Option<()> {
        let length = self.source[self.at..].iter().position(|character| *character == '}')?;
        let inner = &self.source[self.at..self.at + length];
        self.at += length + 1;
        (length > 0
            && inner.iter().all(|character| character.is_ascii_digit() || *character == ','))
        .then_some(())
    }

    fn skip_class(&mut self) -> Option<()> {
        loop {
            match self.source.get(self.at)? {
                '\\' => self.at += 2,
                ']' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    fn skip_group(&mut self) -> Option<()> {
        let mut depth = 1;
        while depth > 0 {
            let character = *self.source.get(self.at)?;
            self.at += 1;
            match character {
                '\\' => self.at += 1,
                '[' => self.skip_class()?,
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str, flags: &str) -> (String, String, bool, Vec<String>) {
        let Literals { prefix, suffix, exact, words } = Literals::of(&Regexp::new(source, flags));
        (prefix, suffix, exact, words)
    }

    fn expect(
        prefix: &str,
        suffix: &str,
        exact: bool,
        words: &[&str],
    ) -> (String, String, bool, Vec<String>) {
        (prefix.into(), suffix.into(), exact, words.iter().map(|word| (*word).into()).collect())
    }

    #[test]
    fn literal_text_outside_of_groups_is_required() {
        assert_eq!(of("^I wait$", ""), expect("I wait", "I wait", true, &["I", "wait"]));
        assert_eq!(
            of(r"^I (\d+) of x\.y$", ""),
            expect("I ", " of x.y", false, &["I", "of", "x.y"])
        );
        assert_eq!(of("^colou?r it(?:s)?$", ""), expect("colo", "", false, &[]));
        assert_eq!(of("^a b{2,3} c$", ""), expect("a ", " c", false, &["a", "c"]));
        assert_eq!(of("foo bar baz", ""), expect("", "", false, &["bar"]));
        assert_eq!(of(r"^a [)(|\]] b ([(])$", ""), expect("a ", "", false, &["a", "b"]));
    }

    #[test]
    fn what_is_not_plain_asks_for_nothing() {
        let nothing = expect("", "", false, &[]);
        for source in ["^a b|c d$", r"^a \x41 b$", r"^a \k<n> b$", "^a {x b$", "a b)"] {
            assert_eq!(of(source, ""), nothing, "{source}");
        }
        assert_eq!(of("^I wait$", "i"), nothing);
        assert_eq!(of("^one two three$", "m"), expect("", "", false, &["two"]));
    }
}
