//! Feature text to pickles, by the size of one file. Past the sizes whose trees fit into the processor's
//! caches, MB/s stay what they are: the time is linear.

use quickcuke::gherkin::{compile, parse};
use quickcuke::messages::{GherkinDocument, IdGenerator, Pickle, SourceMediaType};

use crate::measure::{Bench, whole};

pub fn run(bench: &Bench) {
    for scenarios in [10, 1_000, 20_000, 40_000] {
        let (name, text) = (format!("gherkin {scenarios} scenarios"), feature(scenarios));
        let speed = ("MB/s", |seconds| text.len() as f64 / 1e6 / seconds);
        bench.measure(&name, speed, &text, whole(|| pickles(&text)));
    }
}

pub fn pickles(text: &str) -> (GherkinDocument, Vec<Pickle>) {
    let ids = IdGenerator::default();
    let document = parse("a.feature", text, SourceMediaType::Plain, "en", &ids).unwrap();
    let pickles = compile(&document, &ids);
    (document, pickles)
}

/// Scenarios of five steps with a tag, a table and a parameter here and there.
pub fn feature(scenarios: usize) -> String {
    let scenario = |n: usize| {
        format!(
            "
  @shop @group-{}
  Scenario: Customer {n} buys tea
    Given the shop has
      | tea       | price |
      | Earl Grey | {}.50 |
    When I put {n} packs of \"Earl Grey\" into the basket
    And I pay by card
    Then the basket is empty
    And a receipt is printed
",
            n % 10,
            n % 7
        )
    };
    let scenarios: String = (0..scenarios).map(scenario).collect();
    format!("Feature: Shop\n{scenarios}")
}
