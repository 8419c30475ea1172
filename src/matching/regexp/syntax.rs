//! Reads the source of a JavaScript regular expression that is known to be valid.

use super::atom::{Atom, Class, canonical};

#[derive(Debug)]
pub(super) enum Node {
    Atom(Atom),
    Sequence(Vec<Node>),
    Alternatives(Vec<Node>),
    Capture {
        group: usize,
        inner: Box<Node>,
    },
    Repeat {
        inner: Box<Node>,
        min: u32,
        max: u32,
        greedy: bool,
        groups: std::ops::Range<usize>,
    },
    Look {
        inner: Box<Node>,
        ahead: bool,
        negated: bool,
    },
    /// Back to a group; of a name that several groups have, to the one that took part.
    Backreference(Vec<usize>),
    NamedBackreference(String),
    Start,
    End,
    WordBoundary {
        negated: bool,
    },
}

#[derive(Debug)]
pub(super) struct Syntax {
    pub root: Node,
    /// Captures, the whole match included.
    pub groups: usize,
    pub names: Vec<(String, usize)>,
}

/// The tree, or `None` for the few constructs that this reader leaves to `regress`: modifiers, names with escapes
/// and the like.
pub(super) fn parse(source: &str, flags: &str, groups: usize) -> Option<Syntax> {
    let unicode = flags.contains('u');
    let source: Vec<u32> = if unicode {
        source.chars().map(u32::from).collect()
    } else {
        source.encode_utf16().map(u32::from).collect()
    };
    let has_names = source.windows(3).any(|window| window == [0x28, 0x3F, 0x3C]);
    let mut reader = Reader {
        source: &source,
        at: 0,
        flags,
        unicode,
        groups,
        next_group: 1,
        names: Vec::new(),
        has_names,
    };
    let root = reader.disjunction()?;
    let complete = reader.at == source.len() && reader.next_group == groups;
    complete.then_some(Syntax { root, groups, names: reader.names })
}

struct Reader<'a> {
    source: &'a [u32],
    at: usize,
    flags: &'a str,
    unicode: bool,
    groups: usize,
    next_group: usize,
    names: Vec<(String, usize)>,
    has_names: bool,
}

impl Reader<'_> {
    fn disjunction(&mut self) -> Option<Node> {
        let mut alternatives = vec![self.alternative()?];
        while self.eat('|') {
            alternatives.push(self.alternative()?);
        }
        if alternatives.len() == 1 {
            alternatives.pop()
        } else {
            Some(Node::Alternatives(alternatives))
        }
    }

    fn alternative(&mut self) -> Option<Node> {
        let mut terms = Vec::new();
        while self.peek().is_some_and(|next| next != '|' && next != ')') {
            let first_group = self.next_group;
            let term = self.term()?;
            terms.push(self.quantified(term, first_group)?);
        }
        Some(Node::Sequence(terms))
    }

    fn term(&mut self) -> Option<Node> {
        let start = self.at;
        let next = self.source[self.at];
        self.at += 1;
        Some(match char::from_u32(next) {
            Some('^') => Node::Start,
            Some('$') => Node::End,
            Some('.') => {
                Node::Atom(if self.flags.contains('s') { Atom::Any } else { Atom::NotLineEnd })
            }
            Some('(') => return self.group(),
            Some('[') => {
                while self.peek()? != ']' {
                    self.at += if self.peek()? == '\\' { 2 } else { 1 };
                }
                self.at += 1;
                return self.class(start);
            }
            Some('\\') => return self.escape(),
            _ => return self.character(next),
        })
    }

    fn group(&mut self) -> Option<Node> {
        let node = if !self.eat('?') {
            self.capture()?
        } else if self.eat(':') {
            self.disjunction()?
        } else if self.eat('=') {
            self.look(true, false)?
        } else if self.eat('!') {
            self.look(true, true)?
        } else if self.eat('<') {
            if self.eat('=') {
                self.look(false, false)?
            } else if self.eat('!') {
                self.look(false, true)?
            } else {
                let name = self.name()?;
                self.names.push((name, self.next_group));
                self.capture()?
            }
        } else {
            return None;
        };
        self.eat(')').then_some(node)
    }

    fn capture(&mut self) -> Option<Node> {
        let group = self.next_group;
        self.next_group += 1;
        Some(Node::Capture { group, inner: Box::new(self.disjunction()?) })
    }

    fn look(&mut self, ahead: bool, negated: bool) -> Option<Node> {
        Some(Node::Look { inner: Box::new(self.disjunction()?), ahead, negated })
    }

    /// To the `>`. A name with escapes is left alone.
    fn name(&mut self) -> Option<String> {
        let length = self.source[self.at..].iter().position(|next| *next == u32::from('>'))?;
        let name: Option<String> = self.source[self.at..self.at + length]
            .iter()
            .map(|next| char::from_u32(*next))
            .collect();
        self.at += length + 1;
        name.filter(|name| !name.contains('\\'))
    }

    fn quantified(&mut self, inner: Node, first_group: usize) -> Option<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let start = self.at;
                self.at += 1;
                match self.braces() {
                    Some(bounds) => bounds,
                    None => {
                        self.at = start;
                        return Some(inner);
                    }
                }
            }
            _ => return Some(inner),
        };
        self.at += 1;
        let greedy = !self.eat('?');
        Some(Node::Repeat {
            inner: Box::new(inner),
            min,
            max,
            greedy,
            groups: first_group..self.next_group,
        })
    }

    /// The bounds in braces, up to the closing one; `None` if the brace stands for itself.
    fn braces(&mut self) -> Option<(u32, u32)> {
        let min = self.number()?;
        let max = if self.eat(',') { self.number().unwrap_or(u32::MAX) } else { min };
        (self.peek() == Some('}')).then_some((min, max))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            number = Some(number.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
            self.at += 1;
        }
        number
    }

    fn escape(&mut self) -> Option<Node> {
        let start = self.at - 1;
        let next = *self.source.get(self.at)?;
        self.at += 1;
        // With both flags, `\w` takes in two letters that fold to ASCII.
        let folds = self.unicode && self.flags.contains('i');
        let character = match char::from_u32(next)? {
            'b' => return Some(Node::WordBoundary { negated: false }).filter(|_| !folds),
            'B' => return Some(Node::WordBoundary { negated: true }).filter(|_| !folds),
            'd' => return Some(Node::Atom(Atom::Digit(false))),
            'D' => return Some(Node::Atom(Atom::Digit(true))),
            's' => return Some(Node::Atom(Atom::Space(false))),
            'S' => return Some(Node::Atom(Atom::Space(true))),
            'w' | 'W' if folds => return self.class(start),
            'w' => return Some(Node::Atom(Atom::Word(false))),
            'W' => return Some(Node::Atom(Atom::Word(true))),
            'p' | 'P' if self.unicode => {
                while self.peek()? != '}' {
                    self.at += 1;
                }
                self.at += 1;
                return self.class(start);
            }
            'k' if self.has_names => {
                return self.eat('<').then(|| self.name()).flatten().map(Node::NamedBackreference);
            }
            '1'..='9' => {
                let digits = self.at - 1;
                self.at = digits;
                let group = self.number()? as usize;
                if group < self.groups {
                    return Some(Node::Backreference(vec![group]));
                }
                self.at = digits;
                self.legacy_octal()
            }
            '0' => {
                self.at -= 1;
                self.legacy_octal()
            }
            't' => 0x09,
            'n' => 0x0A,
            'v' => 0x0B,
            'f' => 0x0C,
            'r' => 0x0D,
            'c' => match self.peek().filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    u32::from(letter) % 32
                }
                // The backslash stands for itself, and the letter comes next.
                None => {
                    self.at -= 1;
                    u32::from('\\')
                }
            },
            'x' => self.hex(2).unwrap_or(next),
            'u' if self.unicode && self.eat('{') => {
                let mut code = 0_u32;
                while !self.eat('}') {
                    code = code.checked_mul(16)?.checked_add(self.hex(1)?)?;
                }
                code
            }
            'u' => {
                let unit = self.hex(4).unwrap_or(next);
                // Two escapes make one character here; `regress` knows how.
                if self.unicode && (0xD800..0xE000).contains(&unit) {
                    return None;
                }
                unit
            }
            _ => next,
        };
        self.character(character)
    }

    /// A number of so many digits, or nothing read: then the letter before stands for itself.
    fn hex(&mut self, digits: usize) -> Option<u32> {
        let mut value = 0;
        for ahead in 0..digits {
            let digit = char::from_u32(*self.source.get(self.at + ahead)?)?;
            value = value * 16 + digit.to_digit(16)?;
        }
        self.at += digits;
        Some(value)
    }

    /// Up to three octal digits that stay below 256; 8 and 9 stand for themselves. Only `\0` is left with `u`.
    fn legacy_octal(&mut self) -> u32 {
        let first = self.source[self.at];
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(8)) {
            let longer = value.unwrap_or(0) * 8 + digit;
            if longer > 0o377 {
                break;
            }
            value = Some(longer);
            self.at += 1;
        }
        value.unwrap_or_else(|| {
            self.at += 1;
            first
        })
    }

    fn character(&self, character: u32) -> Option<Node> {
        Some(Node::Atom(if !self.flags.contains('i') {
            Atom::Char(character)
        } else if self.unicode {
            let escaped: Vec<u32> =
                format!("\\u{{{character:x}}}").chars().map(u32::from).collect();
            Atom::Class(Class::new(&escaped, self.flags)?)
        } else {
            Atom::CharIgnoringCase(canonical(character))
        }))
    }

    /// The atom that began at `start` and ends here.
    fn class(&self, start: usize) -> Option<Node> {
        Some(Node::Atom(Atom::Class(Class::new(self.source.get(start..self.at)?, self.flags)?)))
    }

    fn peek(&self) -> Option<char> {
        // A half of a surrogate pair is no character that the grammar knows.
        self.source.get(self.at).map(|next| char::from_u32(*next).unwrap_or('\u{FFFD}'))
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }
}
