//! One glob as a regular expression, with the meaning that Node's `fs.glob` (minimatch) gives it.

use regress::Regex;

/// A compiled glob, matched against a relative path with `/` between its parts.
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Reads `*`, `?`, `[…]`, `{a,b}`, `{1..3}`, `**` as a whole part, and the groups `@(a|b)`, `?(…)`, `*(…)`, `+(…)`,
    /// `!(…)`. A brace or bracket without its partner stands for itself.
    ///
    /// # Errors
    /// Why the pattern makes no sense, such as a range that runs backwards.
    pub(super) fn new(glob: &str) -> Result<Pattern, String> {
        let glob: Vec<char> = glob.chars().collect();
        let mut expression = "^".to_owned();
        translate(&glob, true, &mut expression);
        expression.push('$');
        Regex::with_flags(&expression, "u").map(Pattern).map_err(|error| error.text)
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.find(path).is_some()
    }
}

/// What a part of a path must not start with unless the pattern says so.
const NOT_HIDDEN: &str = r"(?!\.)";

/// Writes the expression of `glob`. `start` tells that it begins a part of the path, where wildcards leave hidden
/// files alone.
fn translate(mut glob: &[char], mut start: bool, out: &mut String) {
    while let Some(&first) = glob.first() {
        let next_start = first == '/';
        if let (true, ['*', '*', rest @ ..]) = (start, glob)
            && matches!(rest, [] | ['/', ..])
        {
            match rest {
                [_, rest @ ..] => {
                    out.push_str(r"(?:(?!\.)[^/]+/)*");
                    glob = rest;
                    continue;
                }
                [] => out.push_str(r"(?:(?!\.)[^/]+/)*(?!\.)[^/]+"),
            }
            return;
        }
        if let Some((inside, rest)) = group(glob) {
            if start {
                out.push_str(NOT_HIDDEN);
            }
            if first == '!' {
                // What follows belongs to the lookahead: `!(a).js` is any name but `a.js`.
                let mut after = String::new();
                translate(rest, false, &mut after);
                out.push_str("(?!");
                alternatives(&inside, false, out);
                out.push_str(&after);
                out.push_str("$)[^/]*");
                out.push_str(&after);
                return;
            }
            alternatives(&inside, false, out);
            if first != '@' {
                out.push(first);
            }
            glob = rest;
        } else if let Some((inside, rest)) = braces(glob) {
            alternatives(&inside.iter().map(Vec::as_slice).collect::<Vec<_>>(), start, out);
            glob = rest;
        } else if let Some((class, rest)) = class(glob) {
            if start {
                out.push_str(NOT_HIDDEN);
            }
            out.push_str(&class);
            glob = rest;
        } else {
            glob = &glob[1..];
            match first {
                '*' | '?' => {
                    if start {
                        out.push_str(NOT_HIDDEN);
                    }
                    out.push_str(if first == '*' { "[^/]*" } else { "[^/]" });
                }
                '\\' if !glob.is_empty() => {
                    literal(glob[0], out);
                    glob = &glob[1..];
                }
                other => literal(other, out),
            }
        }
        start = next_start;
    }
}

fn alternatives(alternatives: &[&[char]], start: bool, out: &mut String) {
    out.push_str("(?:");
    for (index, alternative) in alternatives.iter().enumerate() {
        if index > 0 {
            out.push('|');
        }
        translate(alternative, start, out);
    }
    out.push(')');
}

fn literal(character: char, out: &mut String) {
    if r"^$\.*+?()[]{}|/".contains(character) {
        out.push('\\');
    }
    out.push(character);
}

/// `@(a|b)` and its like: the alternatives, and what follows.
fn group(glob: &[char]) -> Option<(Vec<&[char]>, &[char])> {
    match glob {
        ['@' | '?' | '*' | '+' | '!', '(', rest @ ..] => split(rest, '(', ')', '|'),
        _ => None,
    }
}

/// `{a,b}` or `{1..3}`: the alternatives, and what follows.
fn braces(glob: &[char]) -> Option<(Vec<Vec<char>>, &[char])> {
    let ['{', rest @ ..] = glob else { return None };
    let (parts, rest) = split(rest, '{', '}', ',')?;
    match &parts[..] {
        [range] => Some((numbers(range)?, rest)),
        _ => Some((parts.into_iter().map(<[char]>::to_vec).collect(), rest)),
    }
}

fn numbers(range: &[char]) -> Option<Vec<Vec<char>>> {
    let range: String = range.iter().collect();
    let (from, to) = range.split_once("..")?;
    let (from, to) = (from.parse::<i32>().ok()?, to.parse::<i32>().ok()?);
    // More than these is no list of files that anyone means.
    if from.abs_diff(to) > 10_000 {
        return None;
    }
    Some((from.min(to)..=from.max(to)).map(|number| number.to_string().chars().collect()).collect())
}

/// Splits at separators outside of nested groups, up to the closing character.
fn split(
    text: &[char],
    open: char,
    close: char,
    separator: char,
) -> Option<(Vec<&[char]>, &[char])> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut at) = (0_usize, 0, 0);
    while let Some(&character) = text.get(at) {
        if character == '\\' {
            at += 1;
        } else if character == open {
            depth += 1;
        } else if depth > 0 && character == close {
            depth -= 1;
        } else if depth == 0 && (character == separator || character == close) {
            parts.push(&text[from..at]);
            from = at + 1;
            if character == close {
                return Some((parts, &text[from..]));
            }
        }
        at += 1;
    }
    None
}

/// `[a-z]` or `[!a-z]`: as an expression, and what follows.
fn class(glob: &[char]) -> Option<(String, &[char])> {
    let ['[', rest @ ..] = glob else { return None };
    let (negated, members) = match rest {
        ['!' | '^', members @ ..] => (true, members),
        members => (false, members),
    };
    // A bracket that comes first is a member.
    let end = 1 + members.get(1..)?.iter().position(|character| *character == ']')?;
    let mut class = if negated { r"(?!\/)[^".to_owned() } else { "[".to_owned() };
    for character in &members[..end] {
        if r"^\[]".contains(*character) {
            class.push('\\');
        }
        class.push(*character);
    }
    class.push(']');
    Some((class, &members[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn matches_what_it_says() {
        for (glob, yes, no) in [
            ("*.js", &["a.js", "é.js"][..], &[".js", ".a.js", "a/b.js", "a.ts"][..]),
            ("?.js", &["é.js", "😀.js"], &["ab.js", ".js"]),
            ("**/*.js", &["a.js", "x/y/a.js"], &[".x/a.js", "x/.a.js"]),
            ("a/**", &["a/b", "a/b/c.d"], &["a", "a/.b", "b/a"]),
            ("a/**/b", &["a/b", "a/x/y/b"], &["ab", "a/xb"]),
            ("a**b", &["ab", "axb"], &["a/b"]),
            (".*", &[".a"], &["a"]),
            ("{a,b/{c,d}}.{js,mjs}", &["a.js", "b/c.mjs", "b/d.js"], &["b.js", "a.ts"]),
            ("{.a,*}/x", &[".a/x", "b/x"], &[".b/x"]),
            ("f{1..3}", &["f1", "f3"], &["f4", "f1..3"]),
            ("{a}", &["{a}"], &["a"]),
            ("[a-cé]x", &["bx", "éx"], &["dx", "x"]),
            ("a[!b]c", &["axc"], &["abc", "a/c"]),
            ("a[b", &["a[b"], &["ab"]),
            ("[]-]", &["]", "-"], &["x"]),
            ("@(a|b).js", &["a.js", "b.js"], &["ab.js", "c.js"]),
            ("?(a|b)c", &["c", "ac"], &["abc"]),
            ("+(a|b)", &["a", "abba"], &["", "ac"]),
            ("*(a)b", &["b", "aab"], &["cb"]),
            ("!(a|b).js", &["c.js", "ab.js", "a.b.js"], &["a.js", "b.js", ".c.js"]),
            (r"a\*+$^", &["a*+$^"], &["ab"]),
        ] {
            let pattern = Pattern::new(glob).unwrap();
            for path in yes {
                assert!(pattern.matches(path), "{glob} does not match {path}");
            }
            for path in no {
                assert!(!pattern.matches(path), "{glob} matches {path}");
            }
        }
    }

    #[test]
    fn a_range_cannot_run_backwards() {
        assert!(Pattern::new("[z-a]").is_err());
    }
}
