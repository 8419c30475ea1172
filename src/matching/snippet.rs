//! Expressions that would match the text of an undefined step, for snippets.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{ParameterType, ParameterTypeRegistry, Regexp};

/// So many expressions, and no more, come of one text.
const MAX_EXPRESSIONS: usize = 256;
/// In UTF-16 code units. A longer text is a mistake more often than a step, and a snippet of it no help.
const MAX_TEXT: usize = 1_000;

/// What the parameter for the rest of a long text is called.
const REST: &str = "rest";

/// A cucumber expression made from a step's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedExpression {
    /// The expression, as it would be written in a definition.
    pub source: String,
    /// Its parameters, in order.
    pub parameters: Vec<ParameterInfo>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterInfo {
    /// The parameter type's name.
    pub name: String,
    /// The JavaScript type of a built-in parameter type's values.
    pub type_name: Option<&'static str>,
    /// How many parameters of this type there have been, this one included.
    pub count: usize,
}

impl GeneratedExpression {
    /// `is_cut` is whether a parameter of any text follows.
    fn new(template: &str, types: &[&ParameterType], is_cut: bool) -> GeneratedExpression {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let parameters = types.iter().map(|parameter_type| {
            let name = parameter_type.name.as_deref().unwrap_or_default();
            let count = counts.entry(name).or_default();
            *count += 1;
            ParameterInfo {
                name: name.to_owned(),
                type_name: parameter_type.type_name,
                count: *count,
            }
        });
        let mut parameters: Vec<_> = parameters.collect();
        let mut source = fill_in(template, &parameters);
        if is_cut {
            source += "{}";
            parameters.push(ParameterInfo {
                name: REST.to_owned(),
                type_name: Some("String"),
                count: 1,
            });
        }
        GeneratedExpression { source, parameters }
    }

    /// Names for a function's parameters, without duplicates: `int`, `int2`.
    pub fn parameter_names(&self) -> impl Iterator<Item = String> {
        self.parameters.iter().map(|parameter| match parameter.count {
            1 => parameter.name.clone(),
            count => format!("{}{count}", parameter.name),
        })
    }
}

/// All expressions that come of taking parts of the text as parameters, the likeliest first; at most 256. Of a long
/// text only the beginning is looked at: a parameter of any text takes the rest.
pub fn generate_expressions(
    text: &str,
    registry: &ParameterTypeRegistry,
) -> Vec<GeneratedExpression> {
    let mut units: Vec<u16> = text.encode_utf16().take(MAX_TEXT + 1).collect();
    let is_cut = units.len() > MAX_TEXT;
    if is_cut {
        units.truncate(end_of_beginning(&units));
    }
    let mut searches: Vec<Search<'_>> = registry
        .iter()
        .filter(|parameter_type| parameter_type.use_for_snippets && parameter_type.name.is_some())
        .flat_map(|parameter_type| {
            parameter_type.finders().iter().map(|finder| Search::new(parameter_type, finder))
        })
        .collect();
    let mut template = String::new();
    let mut choices: Vec<Vec<&ParameterType>> = Vec::new();
    let mut position = 0;
    while position < units.len() {
        for search in &mut searches {
            search.advance(&units, position);
        }
        let found = || searches.iter().filter_map(|search| Some((search, search.found?)));
        // The leftmost, and of those the longest; all that are equally good are candidates.
        let Some(best) = found().map(|(_, place)| place).min_by_key(Place::order) else { break };
        let mut types: Vec<&ParameterType> = Vec::new();
        for (search, _) in found().filter(|(_, place)| *place == best) {
            if !types.iter().any(|known| std::ptr::eq(*known, search.parameter_type)) {
                types.push(search.parameter_type);
            }
        }
        types.sort_by(|left, right| left.order(right));
        template += &escape(&units[position..best.start]);
        template += &format!("{{{{{}}}}}", choices.len());
        choices.push(types);
        position = best.start + best.length;
    }
    template += &escape(units.get(position..).unwrap_or_default());
    let combinations = Combinations { choices: &choices, next: Some(vec![0; choices.len()]) };
    combinations
        .take(MAX_EXPRESSIONS)
        .map(|types| GeneratedExpression::new(&template, &types, is_cut))
        .collect()
}

/// Where the beginning of a long text ends: behind its last space, or else not within a character.
fn end_of_beginning(units: &[u16]) -> usize {
    let beginning = &units[..MAX_TEXT];
    let space = beginning.iter().rposition(|unit| *unit == u16::from(b' '));
    let is_within_pair = (0xdc00..0xe000).contains(&units[MAX_TEXT]);
    space.map_or(MAX_TEXT - usize::from(is_within_pair), |space| space + 1)
}

/// One regexp of a parameter type on its way through a text.
struct Search<'a> {
    parameter_type: &'a ParameterType,
    finder: &'a Regexp,
    /// Whether a match may depend on where the search begins.
    looks_behind: bool,
    found: Option<Place>,
    is_over: bool,
}

impl<'a> Search<'a> {
    fn new(parameter_type: &'a ParameterType, finder: &'a Regexp) -> Self {
        let source = finder.source().replace("[^", "[");
        let looks_behind =
            ["^", r"\b", r"\B", "(?<=", "(?<!"].iter().any(|part| source.contains(part));
        Self { parameter_type, finder, looks_behind, found: None, is_over: false }
    }

    /// To the first whole word, or words, that the finder matches from `position` on. What was found there before
    /// is not searched for again.
    fn advance(&mut self, text: &[u16], position: usize) {
        if !self.is_over && self.found.is_none_or(|place| place.start < position) {
            self.found = self.find(text, position);
            self.is_over = self.found.is_none();
        }
    }

    fn find(&self, text: &[u16], position: usize) -> Option<Place> {
        // A regexp that does not compile, or that takes too long, fits nothing.
        let compiled = self.finder.compiled().ok()?;
        let mut from = position;
        while from < text.len() {
            let spans = compiled.exec_units(&text[from..]).ok()?;
            let Some(whole) = spans.and_then(|spans| spans.into_iter().next()?) else {
                if self.looks_behind {
                    from += 1;
                    continue;
                }
                return None;
            };
            let start = from + whole.start as usize;
            let place = Place { start, length: whole.value.encode_utf16().count() };
            if place.is_whole_words(text) {
                return Some(place);
            }
            from = if self.looks_behind { from } else { start } + 1;
        }
        None
    }
}

/// Where a parameter would be, in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    start: usize,
    length: usize,
}

impl Place {
    fn order(&self) -> (usize, std::cmp::Reverse<usize>) {
        (self.start, std::cmp::Reverse(self.length))
    }

    fn is_whole_words(&self, text: &[u16]) -> bool {
        let end = self.start + self.length;
        let starts_word = self.start == 0 || separates(text[self.start - 1]);
        self.length > 0 && starts_word && (end >= text.len() || separates(text[end]))
    }
}

/// Whether a code unit is a space, punctuation or a symbol. Halves of surrogate pairs are none of these.
fn separates(unit: u16) -> bool {
    static SEPARATOR: LazyLock<Regexp> = LazyLock::new(|| Regexp::new(r"[\p{Z}\p{P}\p{S}]", "u"));
    let Some(character) = char::from_u32(u32::from(unit)) else { return false };
    SEPARATOR.exec(character.encode_utf8(&mut [0; 4])).is_ok_and(|found| found.is_some())
}

fn escape(text: &[u16]) -> String {
    String::from_utf16_lossy(text).replace('(', r"\(").replace('{', r"\{").replace('/', r"\/")
}

/// Puts names for the numbers in braces. A number that the text itself has in braces is replaced as well, as
/// upstream does.
fn fill_in(template: &str, parameters: &[ParameterInfo]) -> String {
    let mut source = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        source += &rest[..open];
        rest = &rest[open..];
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && rest[1 + digits..].starts_with('}') {
            let parameter =
                rest[1..=digits].parse::<usize>().ok().and_then(|number| parameters.get(number));
            source += parameter.map_or("undefined", |parameter| &parameter.name);
            rest = &rest[digits + 2..];
        } else {
            source.push('{');
            rest = &rest[1..];
        }
    }
    source + rest
}

/// Every way of choosing one type per parameter; the last parameter changes fastest.
struct Combinations<'a> {
    choices: &'a [Vec<&'a ParameterType>],
    next: Option<Vec<usize>>,
}

impl<'a> Iterator for Combinations<'a> {
    type Item = Vec<&'a ParameterType>;

    fn next(&mut self) -> Option<Vec<&'a ParameterType>> {
        let mut chosen = self.next.take()?;
        let types = chosen.iter().zip(self.choices).map(|(index, types)| types[*index]).collect();
        for place in (0..chosen.len()).rev() {
            chosen[place] += 1;
            if chosen[place] < self.choices[place].len() {
                self.next = Some(chosen);
                break;
            }
            chosen[place] = 0;
        }
        Some(types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::ParameterRegexp;

    fn generate(text: &str) -> Vec<(String, Vec<String>)> {
        let mut registry = ParameterTypeRegistry::new();
        let colour = vec![ParameterRegexp::Source("red|blue".into())];
        registry
            .define(ParameterType::new(Some("colour".into()), colour, true, false).unwrap())
            .unwrap();
        let generated = generate_expressions(text, &registry);
        generated
            .iter()
            .map(|made| (made.source.clone(), made.parameter_names().collect()))
            .collect()
    }

    #[test]
    fn whole_words_become_parameters() {
        let (source, names) = &generate(r#"2 red (and 3) "x/y"-things, not red5 or 1st"#)[0];
        assert_eq!(source, r"{int} {colour} \(and {int}) {string}-things, not red5 or 1st");
        assert_eq!(names, &["int", "colour", "int2", "string"]);
        assert_eq!(generate("é{😀 7")[0].0, r"é\{😀 {int}");
    }

    #[test]
    fn types_that_fit_equally_give_several_expressions() {
        let all: Vec<_> = generate("1 2").into_iter().map(|(source, _)| source).collect();
        assert_eq!(all, ["{int} {int}", "{int} {float}", "{float} {int}", "{float} {float}"]);
        assert_eq!(generate(&"1 ".repeat(20)).len(), MAX_EXPRESSIONS);
        assert_eq!(generate("nothing"), [("nothing".to_owned(), vec![])]);
    }

    #[test]
    fn of_a_long_text_the_rest_is_a_parameter() {
        let (source, names) = &generate(&format!("wait 5 {}", "and so on ".repeat(200)))[0];
        assert_eq!(
            source.replace("and so on ", "…"),
            format!("wait {{int}} {}{{}}", "…".repeat(99))
        );
        assert_eq!(names, &["int", "rest"]);
        let exactly = "a".repeat(MAX_TEXT);
        assert_eq!(generate(&exactly), [(exactly.clone(), vec![])]);
        let (source, _) = &generate(&format!("{}😀!", &exactly[1..]))[0];
        assert_eq!(source, &format!("{}{{}}", &exactly[1..]), "no half of a character");
    }

    #[test]
    fn an_anchored_type_is_found_at_every_place() {
        let mut registry = ParameterTypeRegistry::new();
        let anchored = vec![ParameterRegexp::Source("^red$|\\bblue\\b".into())];
        registry
            .define(ParameterType::new(Some("colour".into()), anchored, true, false).unwrap())
            .unwrap();
        let source = |text| generate_expressions(text, &registry)[0].source.clone();
        assert_eq!(
            source("a blue one, xblue 7 and red"),
            "a {colour} one, xblue {int} and {colour}"
        );
    }
}
