//! What JavaScript steps cost in a suite of the crate `cucumber`: scenarios per second and memory of mixed scenarios
//! beside the same suite with Rust steps alone. `cargo bench --bench cucumber [SCENARIOS]`.

use std::fs;
use std::time::{Duration, Instant};

use cucumber::writer::{self, Stats as _};
use cucumber::{World as _, WriterExt as _, given, then, when};
use quickcuke::StepLibrary;
use serde_json::json;

#[derive(Debug, Default, cucumber::World)]
struct Shop {
    js: quickcuke::World,
    basket: Vec<String>,
}

impl AsMut<quickcuke::World> for Shop {
    fn as_mut(&mut self) -> &mut quickcuke::World {
        &mut self.js
    }
}

#[given(expr = "a basket of {int} {word} in Rust")]
fn basket(shop: &mut Shop, count: usize, fruit: String) {
    shop.basket = vec![fruit; count];
}

#[when(expr = "I add a {word} in Rust")]
fn add(shop: &mut Shop, fruit: String) {
    shop.basket.push(fruit);
}

#[then(expr = "the basket has {int} fruits in Rust")]
fn has(shop: &mut Shop, count: usize) {
    assert_eq!(shop.basket.len(), count);
}

#[given(expr = "a basket of {int} {word} in vars")]
fn basket_in_vars(shop: &mut Shop, count: usize, fruit: String) {
    shop.js.vars().set("basket", json!(vec![fruit; count]));
}

const STEPS: &str = "import { When, Then } from '@cucumber/cucumber';
When('I add a {word} in JavaScript', (fruit) => vars.set('basket', [...vars.get('basket'), fruit]));
Then('the basket has {int} fruits in JavaScript', (count) => {
  if (vars.get('basket').length !== count) throw new Error('wrong');
});";

const RUST: [&str; 3] = [
    "Given a basket of 2 apples in Rust",
    "When I add a pear in Rust",
    "Then the basket has 3 fruits in Rust",
];
const MIXED: [&str; 3] = [
    "Given a basket of 2 apples in vars",
    "When I add a pear in JavaScript",
    "Then the basket has 3 fruits in JavaScript",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let count: usize = count.unwrap_or(1000);
    let project = tempfile::tempdir().expect("a directory");
    let features = project.path().join("a.feature");
    fs::create_dir(project.path().join("steps")).expect("a directory");
    fs::write(project.path().join("steps/steps.js"), STEPS).expect("a file");
    let write = |steps: [&str; 3]| {
        let steps = steps.map(|step| format!("    {step}\n")).concat();
        let scenarios: String =
            (0..count).map(|number| format!("  Scenario: {number}\n{steps}")).collect();
        fs::write(&features, format!("Feature: f\n{scenarios}")).expect("a file");
    };
    for round in 0..3 {
        write(RUST);
        let start = Instant::now();
        let writer =
            Shop::cucumber().with_writer(quiet()).with_default_cli().run(features.clone()).await;
        told("Rust alone", count, start.elapsed(), writer.passed_steps());

        write(MIXED);
        let start = Instant::now();
        let library = StepLibrary::builder().project(project.path()).steps("steps").load().await;
        let library = library.unwrap_or_else(|error| panic!("{error}"));
        if round == 0 {
            println!("loaded in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        }
        let start = Instant::now();
        let writer = Shop::cucumber()
            .with_runner(library.runner())
            .with_writer(quiet())
            .with_default_cli()
            .run(features.clone())
            .await;
        told("mixed", count, start.elapsed(), writer.passed_steps());
    }
}

type Quiet = writer::Summarize<writer::Normalize<Shop, writer::Basic<std::io::Sink>>>;

fn quiet() -> Quiet {
    writer::Basic::raw(std::io::sink(), writer::Coloring::Never, 0).normalized().summarized()
}

fn told(what: &str, count: usize, took: Duration, passed: usize) {
    assert_eq!(passed, 3 * count, "{what}");
    let rate = count as f64 / took.as_secs_f64();
    println!("{what:>10}: {rate:>8.0} scenarios/s, at most {} MiB so far", peak() / 1024);
}

/// In KiB; 0 where the system does not tell.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
