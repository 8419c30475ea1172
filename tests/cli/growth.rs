//! What a run costs by the size of its input, for `just growth`: nothing grows faster than what is run.
//!
//! No time is asserted. A run is made twice, the second one four times as large, and the CPU time of both gives an
//! exponent: 1 where the cost is linear, 2 where it is quadratic. CPU time hardly depends on what else the machine
//! does, and instructions, which do not at all, cannot be counted everywhere.

use std::process::Stdio;

use quickcuke::report::FORMATTERS;

use crate::project::Project;

/// Caches and sorting take linear work to about 1.1.
const MAX_EXPONENT: f64 = 1.25;
/// Seconds of CPU time that the smaller run takes at least, beyond those of a run of one.
const MEASURABLE: f64 = 0.4;
const FACTOR: usize = 4;
const SMALLEST: usize = 500;
const LARGEST: usize = 128_000;
/// The exponent of an input is the smallest of so many, as long as they are too large.
const ATTEMPTS: usize = 3;

const STATUSES: [&str; 6] =
    ["passes", "fails", "is pending", "is skipped", "is ambiguous", "is undefined"];
const STEPS: &str = r"
    import { After, AfterStep, Before, Given } from 'quickcuke';
    import assert from 'node:assert/strict';

    Given('a step passes', () => {});
    Given('a step fails', () => { throw new Error('broken'); });
    Given('a step is pending', () => 'pending');
    Given('a step is skipped', () => 'skipped');
    Given('a step is ambiguous', () => {});
    Given(/^a step is ambig/, () => {});
    Given('{int} things of {float} and {string}', () => { throw new Error('broken'); });
    Given('nobody looks at {}', () => {});
    Given('a block', (block: unknown) => { throw new Error('broken'); });
    Given('an error of {int} lines', (n: number) => { throw new Error('broken\n'.repeat(n)); });
    Given('an error of {int} letters', (n: number) => { throw new Error('x'.repeat(n)); });
    Given('{int} errors', (n: number) => {
      throw new AggregateError(Array.from({ length: n }, () => 'broken'));
    });
    Given('{int} causes', (n: number) => {
      let error = new Error('broken');
      for (let i = 0; i < n; i++) error = new Error('broken', { cause: error });
      throw error;
    });
    const numbers = (n: number, from: number) => Array.from({ length: n }, (_, i) => (i % 2 ? i : i + from));
    Given('{int} lines that differ', (n: number) => {
      assert.equal(numbers(n, 0).join('\n'), numbers(n, 1).join('\n'));
    });
    Given('{int} items that differ', (n: number) => { assert.deepEqual(numbers(n, 0), numbers(n, 1)); });
    Given('{int} lines of another library that differ', (n: number) => {
      const [actual, expected] = [numbers(n, 0).join('\n'), numbers(n, 1).join('\n')];
      throw Object.assign(new Error('differ'), { actual, expected, showDiff: true });
    });
    Given('{int} letters', function (n: number) {
      console.log('x'.repeat(n));
      this.log('x'.repeat(n));
    });
    Given('{int} lines', (n: number) => { for (let i = 0; i < n; i++) console.log('line'); });
    Given('{int} attachments', function (n: number) {
      for (let i = 0; i < n; i++) this.log('text');
      throw new Error('broken');
    });
    Before('@told', ({ pickle, gherkinDocument }) => {
      if (!pickle.name || !gherkinDocument.feature?.name) throw new Error('nothing was told');
    });
    AfterStep('@attaches', function () { this.log('text'); });
    After('@told', ({ result }) => { if (!result) throw new Error('nothing was told'); });
";

/// Runs of `n` of something.
struct Input {
    name: String,
    arguments: Vec<String>,
    make: Box<dyn Fn(usize) -> Project>,
}

fn input(name: &str, arguments: &str, make: impl Fn(usize) -> Project + 'static) -> Input {
    let arguments = arguments.split_whitespace().map(str::to_owned).collect();
    Input { name: name.to_owned(), arguments, make: Box::new(make) }
}

fn of_feature(name: &str, arguments: &str, feature: impl Fn(usize) -> String + 'static) -> Input {
    input(name, arguments, move |n| project(&feature(n)))
}

fn project(feature: &str) -> Project {
    Project::new().file("features/a.feature", feature).file("steps/steps.ts", STEPS)
}

/// The lines that `line` makes of 0 to `n - 1`.
fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(|i| line(i) + "\n").collect()
}

fn scenarios(n: usize, step: &str) -> String {
    format!("Feature: F\n{}", lines(n, |i| format!("  Scenario: {i}\n    Given {step}")))
}

fn outline(n: usize, step: &str) -> String {
    let rows = lines(n, |i| format!("      | {i} |"));
    format!(
        "Feature: F\n  Scenario Outline: <i>\n    Given {step}\n    Examples:\n      | i |\n{rows}"
    )
}

/// All formatters but `but`, each into a file.
fn all_formatters() -> String {
    let formats = FORMATTERS.map(|name| format!("--format {name}:{name}.out"));
    formats.join(" ")
}

fn inputs() -> Vec<Input> {
    let all = all_formatters();
    let mut inputs = Vec::new();
    for formatter in FORMATTERS {
        for status in STATUSES {
            let step = format!("a step {status}");
            let name = format!("scenarios whose step {status}, {formatter}");
            let arguments = format!("--format {formatter}:out");
            inputs.push(of_feature(&name, &arguments, move |n| scenarios(n, &step)));
        }
        let arguments = format!("--format {formatter}:out");
        inputs.push(of_feature(&format!("rows of an outline, {formatter}"), &arguments, |n| {
            outline(n, "a step fails")
        }));
        inputs.push(input(&format!("files, {formatter}"), &arguments, |n| {
            let files = (0..n / 4 + 1).fold(Project::new(), |project, i| {
                project.file(&format!("features/{i}.feature"), &scenarios(1, "a step fails"))
            });
            files.file("steps/steps.ts", STEPS)
        }));
        inputs.push(of_feature(&format!("undefined texts, {formatter}"), &arguments, |n| {
            outline(n, r#"nobody knows <i> and "it" or -<i>.5"#)
        }));
    }
    inputs.extend([
        of_feature("retries", &format!("--retry 1 {all}"), |n| scenarios(n, "a step fails")),
        of_feature("two workers", &format!("--parallel 2 {all}"), |n| scenarios(n, "a step fails")),
        of_feature("fail fast", &format!("--fail-fast {all}"), |n| scenarios(n, "a step fails")),
        of_feature("a dry run", &format!("--dry-run {all}"), |n| scenarios(n, "a step fails")),
        of_feature("a random order", &format!("--order random:1 {all}"), |n| {
            scenarios(n, "a step fails")
        }),
        of_feature("a shard", &format!("--shard 1/2 {all}"), |n| scenarios(n, "a step fails")),
        of_feature("names and tags", "--name 7 --tags not(@a)", |n| scenarios(n, "a step fails")),
        of_feature("tables of an outline with tags", &all, |n| {
            let tables =
                lines(n, |i| format!("    @t{i}\n    Examples:\n      | i |\n      | {i} |"));
            format!("Feature: F\n  Scenario Outline: <i>\n    Given a step fails\n{tables}")
        }),
        of_feature("rules", &all, |n| {
            let rule = |i| format!("  Rule: {i}\n    Scenario: {i}\n      Given a step fails");
            format!("Feature: F\n{}", lines(n, rule))
        }),
        of_feature("tags of a scenario", &all, |n| {
            let tags = lines(n, |i| format!("  @t{i}"));
            format!("Feature: F\n{tags}  Scenario: a\n    Given a step fails\n")
        }),
        of_feature("steps of a scenario", &all, |n| {
            let steps = lines(n, |_| "    Given a step passes".to_owned());
            format!("Feature: F\n  Scenario: a\n{steps}    Given a step fails\n")
        }),
        of_feature("steps after one that fails", &all, |n| {
            let steps = lines(n, |_| "    Given a step passes".to_owned());
            format!("Feature: F\n  Scenario: a\n    Given a step fails\n{steps}")
        }),
        of_feature("undefined steps of a scenario", &all, |n| {
            let steps = lines(n, |i| format!("    Given nobody knows {i}"));
            format!("Feature: F\n  Scenario: a\n{steps}")
        }),
        of_feature("steps that attach", &all, |n| {
            let steps = lines(n, |_| "    Given a step passes".to_owned());
            format!("Feature: F\n  @attaches\n  Scenario: a\n{steps}    Given a step fails\n")
        }),
        of_feature("steps of a background", &all, |n| {
            let steps = lines(n, |_| "    Given a step passes".to_owned());
            format!("Feature: F\n  Background:\n{steps}  Scenario: a\n    Given a step fails\n")
        }),
        of_feature("hooks that look at what they are told", &all, |n| {
            format!("@told\n{}", scenarios(n, "a step fails"))
        }),
        of_feature("arguments", &all, |n| outline(n, "<i> things of <i>.5 and \"<i>\"")),
        of_feature("lines of an error", &all, |n| scenarios(1, &format!("an error of {n} lines"))),
        of_feature("letters of an error", &all, |n| {
            scenarios(1, &format!("an error of {} letters", 32 * n))
        }),
        of_feature("errors of an error", &all, |n| scenarios(1, &format!("{n} errors"))),
        of_feature("causes of an error", &all, |n| scenarios(1, &format!("{n} causes"))),
        of_feature("lines that differ", &all, |n| scenarios(1, &format!("{n} lines that differ"))),
        of_feature("items that differ", &all, |n| scenarios(1, &format!("{n} items that differ"))),
        of_feature("lines that differ for another library", &all, |n| {
            scenarios(1, &format!("{n} lines of another library that differ"))
        }),
        of_feature("letters that a step prints and attaches", &all, |n| {
            scenarios(1, &format!("{} letters", 32 * n))
        }),
        input("attempts", &all, |n| {
            let suite = project(&scenarios(1, "a step fails"));
            suite.file("quickcuke.toml", &format!("[default]\nretry = {n}\n"))
        }),
        input("definitions and steps", &all, |n| {
            let definition = |i| format!("Given('step number {i} of {{int}}', () => {{ throw new Error(); }});");
            let definitions = lines(n, definition);
            let steps = format!("import {{ Given }} from 'quickcuke';\n{definitions}");
            let suite = Project::new().file("steps/steps.ts", &steps);
            suite.file("features/a.feature", &outline(n, "step number <i> of 5"))
        }),
        input("cases that may run", &format!("--parallel 2 {all}"), |n| {
            let rule = "import { setParallelCanAssign } from 'quickcuke';\nsetParallelCanAssign(() => true);\n";
            project(&scenarios(n, "a step fails")).file("steps/rule.ts", rule)
        }),
        of_feature("lines that a step prints", &all, |n| scenarios(1, &format!("{n} lines"))),
        of_feature("attachments of a step", &all, |n| scenarios(1, &format!("{n} attachments"))),
        of_feature("rows of a table", &all, |n| {
            let rows = lines(n, |i| format!("      | {i} | b |"));
            format!("{}{rows}", scenarios(1, "a block"))
        }),
        of_feature("columns of a table", &all, |n| {
            let row = format!("      |{}", " a |".repeat(n));
            format!("{}{row}\n", scenarios(1, "a block"))
        }),
        of_feature("lines of a doc string", &all, |n| {
            let text = lines(n, |i| format!("      line {i}"));
            format!("{}      \"\"\"\n{text}      \"\"\"\n", scenarios(1, "a block"))
        }),
        of_feature("columns of an outline", &all, |n| {
            let names: String = (0..n).map(|i| format!(" c{i} |")).collect();
            let header = format!("      |{names}\n      |{names}\n");
            format!(
                "Feature: F\n  Scenario Outline: a\n    Given a step fails\n    Examples:\n{header}"
            )
        }),
        of_feature("lines of a description", &all, |n| {
            let text = lines(n, |i| format!("  line {i}"));
            format!("Feature: F\n{text}\n  Scenario: a\n    Given a step fails\n")
        }),
        of_feature("comments", &all, |n| {
            format!("{}{}", lines(n, |i| format!("# {i}")), scenarios(1, "a step fails"))
        }),
        of_feature("letters of an undefined step", &all, |n| {
            scenarios(1, &format!("nobody knows {}", "x".repeat(32 * n)))
        }),
        of_feature("words of an undefined step", &all, |n| {
            scenarios(1, &format!("nobody knows {}", "5 \"a\" 1.5 ".repeat(n)))
        }),
        of_feature("letters of a step", &all, |n| {
            scenarios(1, &format!("nobody looks at {}", "x".repeat(32 * n)))
        }),
        of_feature("digits of a number", &all, |n| {
            scenarios(
                1,
                &format!("1 things of {} and \"{}\"", "1".repeat(8 * n), "x".repeat(8 * n)),
            )
        }),
        of_feature("digits that are no number", &all, |n| {
            scenarios(1, &format!("1 things of {} apples and \"x\"", "1".repeat(2 * n)))
        }),
        input("directories", &all, |n| {
            let files = (0..n / 4 + 1).fold(Project::new(), |project, i| {
                project.file(&format!("specs/{i}/a.feature"), &scenarios(1, "a step fails"))
            });
            files
                .file("steps/steps.ts", STEPS)
                .file("quickcuke.toml", "[default]\npaths = [\"specs\"]\n")
        }),
        input("directories of step files", &all, |n| {
            let files =
                (0..n / 4 + 1).fold(project(&scenarios(1, "a step fails")), |project, i| {
                    let step = format!(
                        "import {{ Given }} from 'quickcuke'; Given('step {i}', () => {{}});\n"
                    );
                    project.file(&format!("steps/{i}/a.ts"), &step)
                });
            files.file("steps/steps.ts", STEPS)
        }),
        input("lines of files to run", "@rerun.txt", |n| {
            let places: String = (0..n).map(|i| format!(":{}", 2 * i + 2)).collect();
            project(&scenarios(n, "a step fails"))
                .file("rerun.txt", &format!("features/a.feature{places}\n"))
        }),
        input("files to run", "@rerun.txt", |n| {
            let (n, suite) = (n / 4 + 1, Project::new().file("steps/steps.ts", STEPS));
            let suite = (0..n).fold(suite, |suite, i| {
                suite.file(&format!("features/{i}.feature"), &scenarios(1, "a step fails"))
            });
            suite.file("rerun.txt", &lines(n, |i| format!("features/{i}.feature:2")))
        }),
    ]);
    inputs
}

impl Input {
    /// The CPU time of a run of `n`, in seconds.
    fn cost(&self, n: usize) -> f64 {
        let project = (self.make)(n);
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let command = project.command(&arguments);
        let mut shell = project.command(&[]);
        shell = {
            // The shell's `times` tells of its children; nothing in the standard library does.
            let mut timed = std::process::Command::new("sh");
            timed.args(["-c", "\"$@\" >/dev/null 2>errors; times", "sh"]);
            timed.arg(command.get_program()).args(command.get_args());
            timed.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
            timed.current_dir(project.path());
            timed
        };
        let output = shell.stdin(Stdio::null()).output().unwrap();
        let errors = project.read("errors");
        assert!(
            !errors.contains("error:") && !errors.contains("panicked"),
            "{}: {errors:.2000}",
            self.name
        );
        let times = String::from_utf8(output.stdout).unwrap();
        let children = times.lines().nth(1).unwrap_or_else(|| panic!("times: {times}"));
        children.split_whitespace().map(seconds).sum()
    }

    /// By which power of `n` the cost grows, and the larger of the two sizes.
    fn exponent(&self) -> (f64, usize) {
        let of_one = self.cost(1);
        let mut n = SMALLEST;
        let mut cost = self.cost(n) - of_one;
        while cost < MEASURABLE && n < LARGEST {
            n *= 2;
            cost = self.cost(n) - of_one;
        }
        let larger = self.cost(n * FACTOR) - of_one;
        ((larger / cost).ln() / (FACTOR as f64).ln(), n * FACTOR)
    }
}

/// `1m2.5s`
fn seconds(time: &str) -> f64 {
    let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
    minutes.parse::<f64>().unwrap() * 60.0 + seconds.replace(',', ".").parse::<f64>().unwrap()
}

#[test]
#[ignore = "takes minutes: just growth"]
fn no_part_of_a_run_grows_faster_than_its_input() {
    let only = std::env::var("QUICKCUKE_GROWTH").unwrap_or_default();
    let mut too_fast = Vec::new();
    for input in inputs().iter().filter(|input| input.name.contains(&only)) {
        let (mut exponent, size) = input.exponent();
        for _ in 1..ATTEMPTS {
            if exponent > MAX_EXPONENT {
                exponent = exponent.min(input.exponent().0);
            }
        }
        let line = format!("{exponent:5.2}  {size:7}  {}", input.name);
        println!("{line}");
        if exponent > MAX_EXPONENT {
            too_fast.push(line);
        }
    }
    assert!(too_fast.is_empty(), "these grow faster than their input:\n{}", too_fast.join("\n"));
}
