//! What is told of a run that selects no scenario, and of one that loads no step file.

use crate::project::Project;
use crate::run::Run;

fn project() -> Project {
    Project::with_feature(
        "
        Feature: F
          @smoke
          Scenario: Paying by card
            Given a step passes
          @slow
          Scenario: Paying in cash
            Given a step passes
          @slow
          Scenario: A refund
            Given a step passes
        ",
    )
}

/// The warnings of a run, without their heading.
fn warnings(run: &Run) -> Vec<&str> {
    run.stderr().lines().map(|line| line.trim_start_matches("warning: ")).collect()
}

#[test]
fn each_filter_is_named_with_what_is_there() {
    let cases: [(&[&str], &str); 14] = [
        (&["none/*.feature"], "`none/*.feature` matches no feature file"),
        (
            &["feature/*.feature"],
            "`feature/*.feature` matches no feature file (did you mean `features`?)",
        ),
        (&["steps"], "`steps` holds no feature file"),
        (&["@empty.txt"], "`@empty.txt` lists no feature"),
        (&["blank.feature"], "`blank.feature` has no scenario"),
        (
            &["--tags", "@smoek"],
            "of 3 scenarios the tags `@smoek` left none (did you mean `@smoke`?)",
        ),
        (
            &["--tags", "@zebra"],
            "of 3 scenarios the tags `@zebra` left none; the tags are @slow, @smoke",
        ),
        (
            &["--tags", "@slow", "--tags", "@smoke"],
            "of 3 scenarios the tags `(@slow) and (@smoke)` left none; the tags are @slow, @smoke",
        ),
        (
            &["--name", "refnd"],
            "of 3 scenarios the name /refnd/ left none (did you mean `A refund`?)",
        ),
        (
            &["--name", "^paying"],
            "of 3 scenarios the name /^paying/ left none (did you mean `Paying by card`?)",
        ),
        (
            &["--tags", "@slow", "--name", "card"],
            "of 3 scenarios the tags `@slow` left 2, the name /card/ left none; the name alone selects 1",
        ),
        (
            &["features/a.feature:4"],
            "of 3 scenarios features/a.feature:4 left none; features/a.feature has scenarios at lines 3, 6, 9",
        ),
        (
            &["features/a.feature:3", "--tags", "@slow"],
            "of 3 scenarios features/a.feature:3 left 1, the tags `@slow` left none; the tags are @slow, @smoke",
        ),
        (
            &["--shard", "2/2", "--tags", "@smoke"],
            "of 3 scenarios the tags `@smoke` left 1, the shard 2/2 left none",
        ),
    ];
    let project = project().file("@empty.txt", "").file("blank.feature", "Feature: Blank\n");
    for (arguments, expected) in cases {
        let run = project.run(arguments).passes().prints("0 scenarios");
        let expected = format!("no scenario was selected, so nothing was run: {expected}");
        assert_eq!(warnings(&run), [expected], "{arguments:?}");
    }
}

#[test]
fn features_elsewhere_are_proposed() {
    let feature = "Feature: F\n  Scenario: it\n    Given x\n";
    let project = Project::new().file("specs/deep/a.feature", feature);
    let run = project.run(&[]).passes();
    let told = warnings(&run).join("\n");
    assert!(told.contains("there is no feature file in "), "{told}");
    assert!(told.contains("there are some in `specs/deep`: run `quickcuke specs/deep`"), "{told}");
}

#[test]
fn a_path_to_nowhere_beside_others_is_told() {
    let run = project().run(&["features", "none/*.feature"]).passes().prints("3 scenarios");
    assert_eq!(warnings(&run), ["`none/*.feature` matches no feature file"]);
}

const UNDEFINED: &str = "Feature: F\n  Scenario: it\n    Given one\n    Given two\n";

fn steps(word: &str) -> String {
    format!("import {{ Given }} from '@cucumber/cucumber';\nGiven('{word}', () => {{}});\n")
}

#[test]
fn step_files_elsewhere_are_proposed() {
    let project = Project::new()
        .file("features/a.feature", UNDEFINED)
        .file("src/steps/a.ts", &(steps("one") + steps("two").lines().nth(1).unwrap()));
    let run = project.run(&[]).fails();
    assert_eq!(
        warnings(&run),
        [
            "some steps are undefined, and no step file was loaded: there is no .js, .cjs, .mjs, .ts, .cts or .mts file in \
          features/, steps/; `src/steps` seems to define steps: load it with --import src/steps, or with \
          `import = [\"src/steps\"]` in [default] of quickcuke.toml"
        ]
    );
    // As proposed.
    project.run(&["--import", "src/steps"]).passes().stays_quiet();
    project
        .file("quickcuke.toml", "[default]\nimport = [\"src/steps\"]\n")
        .run(&[])
        .passes()
        .stays_quiet();
}

#[test]
fn what_is_loaded_stays_in_the_proposal() {
    let project = Project::new()
        .file("features/a.feature", UNDEFINED)
        .file("steps/a.ts", &steps("one"))
        .file("e2e/b.ts", &steps("two"));
    let run = project.run(&[]).fails();
    assert!(warnings(&run)[0].contains("--import steps --import e2e,"), "{}", run.stderr());
    project.run(&["--import", "steps", "--import", "e2e"]).passes();
}

#[test]
fn a_pattern_of_step_files_that_matches_none_is_told_where_steps_are_undefined() {
    let project = Project::new()
        .file("features/a.feature", UNDEFINED)
        .file("lib/a.ts", &steps("one"))
        .file("lib/b.ts", &steps("two"));
    let run = project.run(&["--import", "lib/a.ts", "--import", "libb/*.ts"]).fails();
    let told = warnings(&run).join("\n");
    assert!(told.contains("`libb/*.ts` matches no step file (did you mean `lib`?)"), "{told}");
    assert!(
        told.contains("`lib` seems to define steps: load it with --import lib/a.ts --import lib,"),
        "{told}"
    );
    project.run(&["--import", "lib", "--import", "libb/*.ts"]).passes().stays_quiet();
}

#[test]
fn an_undefined_step_alone_is_no_cause_for_advice() {
    let project =
        Project::new().file("features/a.feature", UNDEFINED).file("steps/a.ts", &steps("one"));
    project.run(&[]).fails().stays_quiet();
}
