//! Configuration files.

use crate::project::Project;

const FEATURE: &str = "
    Feature: F
      @a
      Scenario: one
        Given a step passes
      @b
      Scenario: two
        Given a step passes
";

fn project() -> Project {
    Project::with_feature(FEATURE)
}

#[test]
fn cucumber_files_of_every_kind_are_read() {
    for (file, text) in [
        ("cucumber.json", r#"{"default": {"tags": "@b"}}"#),
        ("cucumber.yaml", "default:\n  tags: '@b'\n"),
        ("cucumber.yml", "default:\n  tags: '@b'\n"),
        ("cucumber.js", "module.exports = { default: { tags: '@b' } };"),
        ("cucumber.cjs", "module.exports = { default: { tags: '@b' } };"),
        ("cucumber.mjs", "export default { tags: '@b' };"),
        ("cucumber.ts", "const tags: string = '@b';\nexport default { tags };"),
        ("quickcuke.toml", "[default]\ntags = '@b'\n"),
    ] {
        let run = project().file(file, text).tell(&[]);
        assert_eq!(run.messages().scenarios(), ["two: passed"], "{file}");
    }
}

#[test]
fn a_profile_may_be_a_string_of_arguments() {
    project()
        .file("cucumber.json", r#"{"default": "--tags @b"}"#)
        .tell(&[])
        .passes()
        .scenarios(&["two: passed"]);
}

#[test]
fn both_files_may_stand_side_by_side_and_the_command_line_wins() {
    let project = project()
        .file("cucumber.json", r#"{"default": {"order": "reverse"}}"#)
        .file("quickcuke.toml", "[default]\nstrict = false\n");
    project.tell(&[]).passes().scenarios(&["two: passed", "one: passed"]);
    project.tell(&["--order", "defined"]).passes().scenarios(&["one: passed", "two: passed"]);
}

#[test]
fn profiles_are_chosen_by_name_and_merged_in_order() {
    let project = project().file(
        "quickcuke.toml",
        "
        [default]
        tags = '@a'
        [backwards]
        order = 'reverse'
        [all]
        tags = '@a or @b'
        ",
    );
    project.tell(&[]).scenarios(&["one: passed"]);
    project.tell(&["--profile", "backwards"]).scenarios(&["two: passed", "one: passed"]);
    project.tell(&["-p", "all", "-p", "backwards"]).scenarios(&["two: passed", "one: passed"]);
}

#[test]
fn an_unknown_profile_is_named_with_those_there_are() {
    let project = project().file("quickcuke.toml", "[smoke]\ntags = '@a'\n");
    project
        .run(&["--profile", "smok"])
        .fails()
        .complains("Requested profile \"smok\" doesn't exist (did you mean `smoke`?)");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest() {
    for (file, text, place, key, nearest) in [
        (
            "quickcuke.toml",
            "[default]\ntags = '@a'\nfailfast = true\n",
            "3:1",
            "failfast",
            "failFast",
        ),
        ("quickcuke.toml", "[sandbox]\nmemry = '1MiB'\n", "2:1", "memry", "memory"),
    ] {
        let run = project().file(file, text).run(&[]).fails();
        run.complains(&format!("{file}:{place}: unknown key `{key}`"))
            .complains(&format!("(did you mean `{nearest}`?)"))
            .does_not_print("scenario");
    }
}

#[test]
fn an_unknown_key_of_a_cucumber_file_is_a_warning() {
    for (file, text, place, key, nearest) in [
        (
            "cucumber.json",
            "{\n  \"default\": {\n    \"order\": \"reverse\",\n    \"tag\": \"@a\"\n  }\n}\n",
            "cucumber.json:4:5",
            "tag",
            "tags",
        ),
        (
            "cucumber.yaml",
            "default:\n  order: reverse\n  paralell: 2\n",
            "cucumber.yaml:3:3",
            "paralell",
            "parallel",
        ),
        (
            "cucumber.mjs",
            "export default { order: 'reverse', requireModules: ['x'] };\n",
            "cucumber.mjs",
            "requireModules",
            "requireModule",
        ),
    ] {
        let run = project().file(file, text).tell(&[]).passes();
        run.complains(&format!(
            "warning: {place}: unknown key `{key}` in profile \"default\" (did you mean `{nearest}`?)"
        ))
        .scenarios(&["two: passed", "one: passed"]);
    }
    // Of a profile that is not used nothing is said.
    let two = r#"{"default": {"order": "reverse"}, "ci": {"tag": "@a", "wordlParameters": {}}}"#;
    let project = project().file("cucumber.json", two);
    project.run(&[]).passes().stays_quiet();
    project.run(&["-p", "ci"]).passes().complains("`tag`").complains("`wordlParameters`");
}

#[test]
fn a_report_of_an_earlier_run_is_no_configuration() {
    let project = project().file("cucumber.yaml", "default:\n  tags: '@b'\n");
    for _ in 0..2 {
        let report = ["--format", "json:cucumber.json"];
        project.tell(&report).passes().stays_quiet().scenarios(&["two: passed"]);
    }
    assert!(project.read("cucumber.json").starts_with('['));
    // One that was begun and never written.
    for text in ["", "\u{feff} \n[{"] {
        std::fs::write(project.path().join("cucumber.json"), text).unwrap();
        project.tell(&[]).passes().scenarios(&["two: passed"]);
    }
    let named = project.file("cucumber.json", "[]").run(&["-c", "cucumber.json"]).fails();
    named.complains("Configuration file cucumber.json does not export an object of profiles");
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_place() {
    let run = project().file("quickcuke.toml", "[default]\nstrict = 'yes'\n").run(&[]).fails();
    run.complains("quickcuke.toml:2:").complains("strict");
}

#[test]
fn a_file_that_does_not_parse_is_named_with_line_and_column() {
    for (file, text, place) in [
        ("quickcuke.toml", "[default]\ntags = = 1\n", "quickcuke.toml:2:8"),
        ("cucumber.json", "{\n  \"default\": {,}\n}\n", "cucumber.json:2:15"),
        ("cucumber.yaml", "default:\n  tags: [a\n", "cucumber.yaml:"),
    ] {
        project().file(file, text).run(&[]).fails().complains(place);
    }
}

#[test]
fn a_configuration_script_that_throws_is_told_with_its_position() {
    let text = "const tags: string = '@a';\nthrow new Error('no settings');\n";
    let run = project().file("cucumber.ts", text).run(&[]).fails();
    run.complains("cucumber.ts").complains("no settings").complains("cucumber.ts:2:");
}

#[test]
fn a_function_or_a_promise_is_no_profile() {
    let text = "module.exports = { made: () => ({}), later: Promise.resolve({}) };";
    for name in ["made", "later"] {
        let run = project().file("cucumber.js", text).run(&["--profile", name]).fails();
        run.complains(&format!("cucumber.js: Profile \"{name}\" must be a table of options"));
    }
}

#[test]
fn a_configuration_script_may_start_programs() {
    let text = "
        const { execSync, spawnSync } = require('child_process');
        const tags = execSync('echo @b').toString().trim();
        if (spawnSync('false').status !== 1) throw new Error('no status');
        module.exports = { default: { tags } };
    ";
    let run = project().file("cucumber.js", text).tell(&[]);
    assert_eq!(run.messages().scenarios(), ["two: passed"]);
}

#[test]
fn what_a_configuration_script_leaves_running_ends_with_it() {
    let text = "
        const child = require('child_process').spawn('sleep', ['60']);
        require('fs').writeFileSync('pid', String(child.pid));
        module.exports = {};
    ";
    let project = project().file("cucumber.js", text);
    project.run(&[]).passes();
    let process = format!("/proc/{}", project.read("pid"));
    assert!(!std::path::Path::new(&process).exists(), "{process}");
}

#[test]
fn a_given_configuration_file_must_be_there() {
    let run = project().run(&["--config", "nope.json"]).fails();
    run.complains("Configuration file \"nope.json\" failed to load");
    let settings = project().file("settings.json", r#"{"default": {"tags": "@b"}}"#);
    settings.tell(&["--config", "settings.json"]).scenarios(&["two: passed"]);
}

#[test]
fn a_mistake_in_a_command_names_the_command_and_its_key() {
    let text = "[commands]\nserver = { run = 'sleep 1', persistant = true }\n";
    let run = project().file("quickcuke.toml", text).run(&[]).fails();
    run.complains("quickcuke.toml").complains("persistant").complains("persistent");
}

#[test]
fn an_alias_leads_to_another_module() {
    Project::new()
        .file("quickcuke.toml", "[alias]\n'@some/module' = 'quickcuke'\n'#tools' = './lib/tools.ts'\n")
        .file("lib/tools.ts", "export const answer: number = 42;")
        .file("features/a.feature", "Feature: F\n  Scenario: one\n    When it happens\n")
        .file("steps/a.ts", "import { When } from '@some/module';\nimport { answer } from '#tools';\nWhen('it happens', () => console.log('the answer is', answer));")
        .run(&[])
        .passes()
        .prints("the answer is 42");
}
