//! Expressions that would match the text of an undefined step, for snippets.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{ParameterType, ParameterTypeRegistry, Regexp};

/// So many expressions, and no more, come of one text.
const MAX_EXPRESSIONS: usize = 256;

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
    fn new(template: &str, types: &[&ParameterType]) -> GeneratedExpression {
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
        let parameters: Vec<_> = parameters.collect();
        GeneratedExpression { source: fill_in(template, &parameters), parameters }
    }

    /// Names for a function's parameters, without duplicates: `int`, `int2`.
    pub fn parameter_names(&self) -> impl Iterator<Item = String> {
        self.parameters.iter().map(|parameter| match parameter.count {
            1 => parameter.name.clone(),
            count => format!("{}{count}", parameter.name),
        })
    }
}

/// All expressions that come of taking parts of the text as parameters, the likeliest first; at most 256.
pub fn generate_expressions(
    text: &str,
    registry: &ParameterTypeRegistry,
) -> Vec<GeneratedExpression> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut template = String::new();
    let mut choices: Vec<Vec<&ParameterType>> = Vec::new();
    let mut position = 0;
    while position < units.len() {
        let found: Vec<_> = registry
            .iter()
            .filter(|parameter_type| {
                parameter_type.use_for_snippets && parameter_type.name.is_some()
            })
            .flat_map(|parameter_type| {
                parameter_type.finders().iter().map(move |finder| (parameter_type, finder))
            })
            .filter_map(|(parameter_type, finder)| {
                Some((parameter_type, find_from(finder, &units, position)?))
            })
            .collect();
        // The leftmost, and of those the longest; all that are equally good are candidates.
        let Some(best) = found.iter().map(|(_, place)| *place).min_by_key(Place::order) else {
            break;
        };
        let mut types: Vec<&ParameterType> = Vec::new();
        for (parameter_type, _) in found.iter().filter(|(_, place)| *place == best) {
            if !types.iter().any(|known| std::ptr::eq(*known, *parameter_type)) {
                types.push(parameter_type);
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
        .map(|types| GeneratedExpression::new(&template, &types))
        .collect()
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
}

/// The first whole word, or words, that the finder matches in the rest of the text.
fn find_from(finder: &Regexp, text: &[u16], position: usize) -> Option<Place> {
    // A regexp that does not compile, or that takes too long, fits nothing.
    let compiled = finder.compiled().ok()?;
    (position..text.len()).find_map(|from| {
        let spans = compiled.exec_units(&text[from..]).ok()??;
        let whole = spans.into_iter().next()??;
        let place = Place {
            start: from + whole.start as usize,
            length: whole.value.encode_utf16().count(),
        };
        let end = place.start + place.length;
        let starts_word = place.start == 0 || separates(text[place.start - 1]);
        let ends_word = end >= text.len() || separates(text[end]);
        (place.length > 0 && starts_word && ends_word).then_some(place)
    })
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
}
