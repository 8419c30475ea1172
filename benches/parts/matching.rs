//! A step's text to its definition and arguments, by the size of the step library.

use quickcuke::matching::{CucumberExpression, Matcher, ParameterTypeRegistry};

use crate::measure::{Bench, whole};

/// Texts looked up in one run.
const TEXTS: usize = 50;

pub fn run(bench: &Bench) {
    let registry = ParameterTypeRegistry::new();
    for definitions in [50, 500, 5_000] {
        let expressions: Vec<_> = (0..definitions).map(expression).collect();
        let compiled = expressions.iter().map(|source| CucumberExpression::new(source, &registry));
        let matcher = Matcher::new(compiled.map(|expression| expression.unwrap().into()).collect());
        for (kind, odd) in [("plain", 0), ("with parameters", 1)] {
            let texts: Vec<_> =
                (0..TEXTS).map(|n| text(n * definitions / TEXTS / 2 * 2 + odd)).collect();
            let name = format!("matching {definitions}, {kind}");
            let input = serde_json::json!({ "expressions": expressions, "texts": texts });
            let find =
                || -> usize { texts.iter().map(|text| matcher.matches(text).unwrap().len()).sum() };
            assert_eq!(find(), TEXTS, "each text has one definition");
            let time = ("ns per step", |seconds| seconds * 1e9 / TEXTS as f64);
            bench.measure(&name, time, &input, whole(find));
        }
    }
}

/// Every second definition has parameters. Words recur, as they do in a step library.
fn expression(n: usize) -> String {
    sentence(n, "{int}", "{string}")
}

fn text(n: usize) -> String {
    sentence(n, "42", "\"Earl Grey\"")
}

fn sentence(n: usize, number: &str, string: &str) -> String {
    const VERBS: [&str; 10] =
        ["add", "buy", "cancel", "drop", "edit", "find", "get", "hide", "invite", "join"];
    let (verb, noun, place) = (VERBS[n / 2 % 10], n / 20 % 25, n / 500);
    match n % 2 {
        0 => format!("I {verb} the thing-{noun} of the shop in town-{place}"),
        _ => format!("I {verb} {number} of the thing-{noun} called {string} in town-{place}"),
    }
}
