//! What one character of a regular expression accepts.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// A test of one character: a code unit, or a code point in an expression with the `u` flag.
#[derive(Debug)]
pub(super) enum Atom {
    Char(u32),
    /// Compared without regard to case, by the rules for expressions without `u`. Holds the canonical character.
    CharIgnoringCase(u32),
    /// `.` without the `s` flag.
    NotLineEnd,
    Any,
    Digit(bool),
    Space(bool),
    Word(bool),
    Class(Box<Class>),
}

/// A character class, a property escape, or a character under Unicode case folding.
///
/// The engine `regress` has the tables for these; it is asked about one character at a time, and its answers
/// about ASCII are kept.
#[derive(Debug)]
pub(super) struct Class {
    source: Box<[u32]>,
    regex: regress::Regex,
    unicode: bool,
    /// Case makes no difference, by the rules for expressions without `u`, which `regress` bends: it folds `ſ` to `s`.
    ignores_case: bool,
    /// Of a class that ignores case, which is asked about its plain members.
    negated: bool,
    ascii: [AtomicU8; 128],
}

const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

impl Atom {
    pub fn accepts(&self, character: u32) -> bool {
        match self {
            Atom::Char(expected) => character == *expected,
            Atom::CharIgnoringCase(expected) => canonical(character) == *expected,
            Atom::NotLineEnd => !is_line_end(character),
            Atom::Any => true,
            Atom::Digit(negated) => (0x30..=0x39).contains(&character) != *negated,
            Atom::Space(negated) => is_space(character) != *negated,
            Atom::Word(negated) => is_word(character) != *negated,
            Atom::Class(class) => class.accepts(character),
        }
    }
}

impl Class {
    /// From the source of one atom, or `None` if the engine does not take it.
    pub fn new(source: &[u32], flags: &str) -> Option<Box<Class>> {
        let unicode = flags.contains('u');
        let ignores_case = flags.contains('i') && !unicode;
        let negated = ignores_case && source.get(1) == Some(&u32::from('^'));
        let plain = source.iter().copied().enumerate();
        let plain = plain.filter(|(index, _)| !(negated && *index == 1)).map(|(_, unit)| unit);
        let mut flags = regress::Flags::from(flags);
        flags.icase &= !ignores_case;
        let regex = regress::Regex::from_unicode(plain, flags).ok()?;
        let ascii = [const { AtomicU8::new(UNKNOWN) }; 128];
        let source = source.into();
        Some(Box::new(Class { source, regex, unicode, ignores_case, negated, ascii }))
    }

    pub fn source(&self) -> &[u32] {
        &self.source
    }

    fn accepts(&self, character: u32) -> bool {
        let Some(known) = self.ascii.get(character as usize) else { return self.ask(character) };
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let answer = self.ask(character);
                known.store(if answer { YES } else { NO }, Ordering::Relaxed);
                answer
            }
            answer => answer == YES,
        }
    }

    fn ask(&self, character: u32) -> bool {
        if self.unicode {
            let character = char::from_u32(character);
            return character
                .is_some_and(|c| self.regex.find(c.encode_utf8(&mut [0; 4])).is_some());
        }
        let Ok(unit) = u16::try_from(character) else { return false };
        let has = |unit: u16| self.regex.find_from_ucs2(&[unit], 0).next().is_some();
        if !self.ignores_case {
            return has(unit);
        }
        let alike = ALIKE.get(&canonical(character));
        (has(unit) || alike.is_some_and(|units| units.iter().copied().any(has))) != self.negated
    }
}

/// The code units that are the same where case makes no difference, by their canonical one; without those that have
/// no fellow.
static ALIKE: LazyLock<HashMap<u32, Vec<u16>>> = LazyLock::new(|| {
    let mut alike: HashMap<u32, Vec<u16>> = HashMap::new();
    for unit in 0..=u16::MAX {
        alike.entry(canonical(u32::from(unit))).or_default().push(unit);
    }
    alike.retain(|_, units| units.len() > 1);
    alike
});

/// ECMAScript's Canonicalize for expressions without `u`: upper case, if that is one code unit and does not
/// make ASCII of what is none.
pub(super) fn canonical(character: u32) -> u32 {
    let Some(original) = char::from_u32(character) else { return character };
    let mut upper = original.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None)
            if u32::from(upper) <= 0xFFFF && (original.is_ascii() || !upper.is_ascii()) =>
        {
            u32::from(upper)
        }
        _ => character,
    }
}

pub(super) fn is_line_end(character: u32) -> bool {
    matches!(character, 0x0A | 0x0D | 0x2028 | 0x2029)
}

pub(super) fn is_word(character: u32) -> bool {
    u8::try_from(character).is_ok_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

fn is_space(character: u32) -> bool {
    character == 0xFEFF
        || (character != 0x85 && char::from_u32(character).is_some_and(char::is_whitespace))
}
