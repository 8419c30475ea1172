//! Step libraries that cannot be used.

use crate::project::Project;
use crate::run::Run;

/// Runs a feature with the step "it happens" on a library of this one file.
fn run(file: &str, text: &str) -> Run {
    Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: it\n    When it happens\n")
        .file(file, text)
        .run(&[])
}

#[test]
fn broken_typescript_is_shown_with_line_column_and_caret() {
    let run = run(
        "steps/a.ts",
        "import { When } from '@cucumber/cucumber';\n\nconst price: number = ;\n",
    )
    .fails();
    run.complains("steps/a.ts:3:23: Unexpected token")
        .complains("3 | const price: number = ;")
        .does_not_print("scenario");
}

#[test]
fn broken_javascript_is_shown_with_line_and_column() {
    run("steps/a.js", "const ok = 1;\nlet 1x;\n")
        .fails()
        .complains("SyntaxError")
        .complains("steps/a.js:2:");
    run("steps/a.mjs", "export const ok = 1;\nlet 1x;\n")
        .fails()
        .complains("SyntaxError")
        .complains("steps/a.mjs:2:");
}

#[test]
fn an_error_while_loading_has_the_authors_positions() {
    let text = "
        interface Settings {
          url: string;
        }

        function connect(settings: Settings): void {
          throw new TypeError(`no database at ${settings.url}`);
        }
        connect({ url: 'nowhere' });
    ";
    run("steps/a.ts", text)
        .fails()
        .complains("TypeError: no database at nowhere")
        .complains("at connect (/project/steps/a.ts:6:")
        .complains("at /project/steps/a.ts:8:1");
}

#[test]
fn a_missing_package_names_its_importer_and_how_to_get_it() {
    let text = "import { When } from '@cucumber/cucumber';\nimport dayjs from 'dayjs';\nWhen('it happens', () => dayjs());\n";
    run("steps/a.ts", text)
        .fails()
        .complains("Cannot find package 'dayjs' imported from /project/steps/a.ts:2:19")
        .complains("npm install dayjs");
}

#[test]
fn a_missing_required_package_names_who_required_it() {
    run("steps/a.js", "const dayjs = require('dayjs');\n")
        .fails()
        .complains("Cannot find module 'dayjs'")
        .complains("/project/steps/a.js:1:23");
}

#[test]
fn a_missing_file_names_its_importer() {
    let text = "import { help } from './helper';\nhelp();\n";
    run("steps/a.ts", text)
        .fails()
        .complains("/project/steps/helper")
        .complains("imported from /project/steps/a.ts:1:22");
}

#[test]
fn a_name_that_is_not_exported_is_named() {
    let text = "import { Wen } from '@cucumber/cucumber';\nWen('it happens', () => {});\n";
    run("steps/a.ts", text).fails().complains("Wen").complains("steps/a.ts");
}

#[test]
fn a_bad_expression_is_shown_where_it_stands() {
    let text = "import { When } from '@cucumber/cucumber';\n\n  When('it {happens', () => {});\n";
    run("steps/a.ts", text)
        .fails()
        .complains("steps/a.ts:3:3: This Cucumber Expression has a problem at column 4:")
        .complains("The '{' does not have a matching '}'");
}

#[test]
fn a_definition_over_several_lines_stands_where_it_begins() {
    let text = "import { When } from '@cucumber/cucumber';\nconst options = {};\n\nWhen(\n  'it {happens',\n  options,\n  \
                () => {},\n);\n";
    run("steps/a.ts", text).fails().complains("steps/a.ts:4:1: This Cucumber Expression");
}

#[test]
fn a_parameter_type_that_is_there_already_is_named() {
    let text = "
        import { defineParameterType } from '@cucumber/cucumber';
        defineParameterType({ name: 'color', regexp: /red/ });
        defineParameterType({ name: 'color', regexp: /blue/ });
    ";
    run("steps/a.ts", text)
        .fails()
        .complains("steps/a.ts:3:1: There is already a parameter type with name color");
}

#[test]
fn an_unknown_parameter_type_is_told_with_its_expression() {
    let text = "import { When } from '@cucumber/cucumber';\nWhen('it is {color}', () => {});\n";
    run("steps/a.ts", text)
        .fails()
        .prints("missing a parameter type definition")
        .prints("'color' in 'it is {color}'");
}

#[test]
fn a_bad_tag_expression_of_a_hook_is_shown_where_it_stands() {
    let text = "import { Before } from '@cucumber/cucumber';\nBefore('@a and', () => {});\n";
    run("steps/a.ts", text)
        .fails()
        .complains("steps/a.ts:2:1: Tag expression \"@a and\" could not be parsed");
}

#[test]
fn a_definition_without_a_function_is_an_error() {
    let text = "import { When } from '@cucumber/cucumber';\nWhen('it happens');\n";
    run("steps/a.ts", text).fails().complains("steps/a.ts:2: Invalid").complains("should be a");
}

#[test]
fn a_definition_within_a_step_fails_the_step() {
    let text = "import { When } from '@cucumber/cucumber';\nWhen('it happens', () => { When('more', () => {}); });\n";
    run("steps/a.ts", text).fails().prints("When(more) was called while the run was under way");
}

#[test]
fn a_path_into_cucumber_says_what_to_import_instead() {
    let text = "import { Cli } from '@cucumber/cucumber/lib/cli';\nnew Cli();\n";
    run("steps/a.ts", text)
        .fails()
        .complains("'@cucumber/cucumber/lib/cli' is not available in quickcuke");
}
