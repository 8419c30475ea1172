//! Modules of every kind, from files and from npm packages.

use crate::project::Project;

/// Runs a step file that prints, with these files beside it.
#[track_caller]
fn prints(step_file: (&str, &str), files: &[(&str, &str)], printed: &str) {
    let (path, text) = step_file;
    let steps = "import { When } from '@cucumber/cucumber';\nWhen('it happens', () => {});\n";
    let mut project = Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: it\n    When it happens\n")
        .file("steps/steps.ts", steps)
        .file(path, text);
    for (path, text) in files {
        project = project.file(path, text);
    }
    project.run(&[]).passes().prints(printed);
}

/// A package of CommonJS with a named export and `__esModule`, as compilers make it.
const COMPILED: &str = "Object.defineProperty(exports, '__esModule', { value: true });\nexports.name = 'compiled'; exports.default = () => 'its default';";

#[test]
fn packages_are_found_in_node_modules_above() {
    prints(
        (
            "steps/deep/a.ts",
            "import { name } from 'plain';\nimport whole from 'plain';\nconsole.log(name, whole.name, Object.keys(whole));",
        ),
        &[("node_modules/plain/index.js", "module.exports = { name: 'plain', other: 1 };")],
        "plain plain [ 'name', 'other' ]",
    );
}

#[test]
fn scoped_packages_have_exports_with_conditions() {
    let package = r#"{
        "name": "@scope/pkg",
        "exports": {
            ".": { "import": "./esm.mjs", "require": "./cjs.cjs" },
            "./sub/*": "./lib/*.js"
        }
    }"#;
    let files = [
        ("node_modules/@scope/pkg/package.json", package),
        ("node_modules/@scope/pkg/esm.mjs", "export const kind = 'an ES module';"),
        ("node_modules/@scope/pkg/cjs.cjs", "exports.kind = 'CommonJS';"),
        ("node_modules/@scope/pkg/lib/part.js", "exports.part = 'a part';"),
        ("node_modules/@scope/pkg/hidden.js", "exports.hidden = 1;"),
    ];
    prints(
        (
            "steps/a.mjs",
            "import { kind } from '@scope/pkg';\nimport { part } from '@scope/pkg/sub/part';\nconsole.log(kind, part);",
        ),
        &files,
        "an ES module a part",
    );
    prints(("steps/a.cjs", "console.log(require('@scope/pkg').kind);"), &files, "CommonJS");
    prints(
        (
            "steps/a.cjs",
            "try { require('@scope/pkg/hidden.js'); } catch (error) { console.log(error.code); }",
        ),
        &files,
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
    );
}

#[test]
fn compiled_packages_give_their_names_to_imports() {
    let files = [("node_modules/compiled/index.js", COMPILED)];
    prints(
        (
            "steps/a.cjs",
            "const { name, default: fn } = require('compiled');\nconsole.log(name, fn());",
        ),
        &files,
        "compiled its default",
    );
    prints(
        (
            "steps/a.mjs",
            "import { name } from 'compiled';\nimport * as all from 'compiled';\nconsole.log(name, typeof all.default);",
        ),
        &files,
        "compiled ",
    );
}

#[test]
fn commonjs_has_its_own_variables_and_cycles() {
    let files = [
        ("lib/a.js", "exports.early = 1; const b = require('./b'); exports.told = b.told;"),
        ("lib/b.js", "const a = require('./a'); exports.told = `a had ${Object.keys(a)}`;"),
    ];
    prints(
        (
            "steps/a.js",
            "console.log(require('../lib/a').told, typeof module, __dirname.endsWith('/steps'), __filename.endsWith('/a.js'));",
        ),
        &files,
        "a had early object true true",
    );
}

#[test]
fn a_computed_name_can_be_required_and_imported() {
    let files = [("lib/one.js", "exports.one = 1;"), ("lib/two.mjs", "export const two = 2;")];
    prints(
        ("steps/a.js", "console.log(['one'].map((name) => require(`../lib/${name}`).one));"),
        &files,
        "[ 1 ]",
    );
    prints(
        (
            "steps/a.mjs",
            "const { two } = await import(`../lib/${'two'}.mjs`);\nconsole.log(two, import.meta.url.startsWith('file:///'));",
        ),
        &files,
        "2 true",
    );
}

#[test]
fn json_is_a_module() {
    let files = [("data/prices.json", r#"{ "tea": 3.5 }"#)];
    prints(
        ("steps/a.ts", "import prices from '../data/prices.json';\nconsole.log(prices.tea);"),
        &files,
        "3.5",
    );
    prints(
        (
            "steps/a.mjs",
            "import prices from '../data/prices.json' with { type: 'json' };\nconsole.log(prices.tea);",
        ),
        &files,
        "3.5",
    );
    prints(("steps/a.cjs", "console.log(require('../data/prices').tea);"), &files, "3.5");
}

#[test]
fn json_that_does_not_parse_is_named() {
    Project::with_step(
        "import data from '../data.json';\nWhen('it happens', () => console.log(data));",
    )
    .file("data.json", "{ \"a\": }")
    .run(&[])
    .fails()
    .complains("data.json");
}

#[test]
fn paths_of_the_tsconfig_lead_to_files() {
    let tsconfig = r##"{
        // Comments are allowed here.
        "compilerOptions": { "baseUrl": ".", "paths": { "@pages/*": ["src/pages/*"], "#config": ["src/config.ts"] } },
    }"##;
    prints(
        (
            "steps/a.ts",
            "import { Login } from '@pages/login';\nimport config from '#config';\nconsole.log(new Login().url(config));",
        ),
        &[
            ("tsconfig.json", tsconfig),
            ("src/config.ts", "export default { base: 'http://here' };"),
            (
                "src/pages/login.ts",
                "export class Login { url({ base }: { base: string }): string { return `${base}/login`; } }",
            ),
        ],
        "http://here/login",
    );
}

#[test]
fn typescript_beyond_types_runs() {
    let text = "
        enum Color { Red = 'red', Blue = 'blue' }
        namespace Shapes { export const sides = 4; }
        abstract class Shape { constructor(protected readonly color: Color, private sides = Shapes.sides) {} told() { return `${this.color} ${this.sides}`; } }
        class Square extends Shape {}
        function logged<T>(value: T): T { return value satisfies T; }
        console.log(logged(new Square(Color.Blue)!.told() as string));
        export type { Color };
    ";
    prints(("steps/a.ts", text), &[], "blue 4");
    let decorated = "
        function twice(_target: unknown, _name: string, descriptor: PropertyDescriptor) {
          const { value } = descriptor;
          descriptor.value = function (...args: unknown[]) { return value.apply(this, args) + value.apply(this, args); };
        }
        class Page { @twice title(): string { return 'ab'; } }
        console.log(new Page().title());
    ";
    let tsconfig = r#"{ "compilerOptions": { "experimentalDecorators": true } }"#;
    prints(("steps/a.ts", decorated), &[("tsconfig.json", tsconfig)], "abab");
}

#[test]
fn an_import_that_is_used_as_a_type_only_is_not_loaded() {
    prints(
        (
            "steps/a.ts",
            "import { Page } from 'types-only';\nimport type { Other } from 'nowhere';\nlet page: Page | Other | undefined;\nconsole.log(page);",
        ),
        &[],
        "undefined",
    );
}

#[test]
fn every_name_of_cucumber_is_the_same_module() {
    let text = "
        import * as cucumber from '@cucumber/cucumber';
        import * as quickcuke from 'quickcuke';
        import * as ferridriver from 'ferridriver';
        import { createRequire } from 'node:module';
        const required = createRequire(import.meta.url)('@cucumber/cucumber');
        console.log([quickcuke, ferridriver, required].map((other) => other.Given === cucumber.Given && other.Given === globalThis.Given));
    ";
    prints(("steps/a.ts", text), &[], "[ true, true, true ]");
}

#[test]
fn an_extension_file_for_several_hosts_knows_this_one() {
    let text = "
        defineTool({ name: 'shout', run: () => {} });
        ferridriver.host = 'changed';
    ";
    prints(
        (
            "steps/a.cjs",
            &format!("{text}console.log(ferridriver.host, Object.isFrozen(ferridriver));"),
        ),
        &[],
        "bdd true",
    );
}

#[test]
fn a_module_is_evaluated_once_however_it_is_reached() {
    let files = [("lib/once.ts", "console.log('evaluated');\nexport const once = {};")];
    let project = Project::with_step("import { once } from '../lib/once';\nimport './other.js';\nWhen('it happens', () => once);")
        .file("lib/once.ts", files[0].1)
        .file("steps/other.js", "require('../lib/once');\nrequire('../lib/once.ts');");
    assert_eq!(project.run(&[]).passes().stdout().matches("evaluated").count(), 1);
}

/// As in fake-cucumber itself; what an author of cucumber-js's leaves out is a mistake.
#[test]
fn steps_of_fake_cucumber_take_the_parameters_they_like() {
    let feature = "Feature: F\n  Scenario: it\n    When LHR happens\n    And LHR happens twice\n";
    let steps = "
        import { ParameterType, When } from '@cucumber/fake-cucumber';
        ParameterType({ name: 'place', regexp: /[A-Z]{3}/, transformer: (code) => code.toLowerCase() });
        When('{place} happens', () => {});
        When('{place} happens twice', (place, rest) => console.log(place, typeof rest));
    ";
    let project = Project::new().file("features/a.feature", feature).file("steps/a.ts", steps);
    project.run(&[]).passes().prints("lhr undefined\n");
    let alias = "[alias]\n\"@cucumber/fake-cucumber\" = \"quickcuke\"\n";
    project.file("quickcuke.toml", alias).run(&[]).passes().prints("lhr undefined\n");
    let steps =
        steps.replace("fake-cucumber", "cucumber").replace("ParameterType", "defineParameterType");
    let project = Project::new().file("features/a.feature", feature).file("steps/a.ts", &steps);
    project.run(&[]).fails().prints("function has 0 arguments, should have 1");
}

/// What cucumber-js was called up to version 6.
#[test]
fn the_former_name_of_cucumber_js_is_quickcuke() {
    let project = Project::new()
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: it\n    When it happens\n    Then it did\n",
        )
        .file(
            "steps/a.ts",
            "import { When } from 'cucumber';\nWhen('it happens', function () {});\n",
        )
        .file(
            "steps/b.js",
            "const { Then } = require('cucumber');\nThen('it did', function () {});\n",
        );
    project.run(&[]).passes().stays_quiet();

    // Installed, it is not run: two Cucumbers would not know of each other.
    let manifest = r#"{"name": "cucumber", "version": "6.0.7", "main": "./lib/index", "bin": {"cucumber-js": "./bin/cucumber-js"}}"#;
    let project = project
        .file("node_modules/cucumber/package.json", manifest)
        .file("node_modules/cucumber/lib/index.js", "throw new Error('the installed one');");
    project.run(&[]).passes().stays_quiet();
    let project = project.file("steps/c.js", "require('cucumber/lib/index');\n");
    project.run(&[]).fails().complains("'cucumber/lib/index' is not available in quickcuke");
    let project =
        project.file("steps/c.js", "console.log(require('cucumber/package.json').version);\n");
    project.run(&[]).passes().prints("6.0.7");
}

#[test]
fn another_package_may_have_the_former_name_of_cucumber_js() {
    let package = r#"{"name": "cucumber", "main": "vegetable.js"}"#;
    let file = ("steps/a.ts", "import { taste } from 'cucumber';\nconsole.log(taste);");
    let vegetable = "exports.taste = 'fresh';";
    prints(
        file,
        &[
            ("node_modules/cucumber/package.json", package),
            ("node_modules/cucumber/vegetable.js", vegetable),
        ],
        "fresh",
    );
    // By a path of the author's own.
    let config = r#"{"compilerOptions": {"paths": {"cucumber": ["./own.ts"]}}}"#;
    prints(file, &[("tsconfig.json", config), ("own.ts", "export const taste = 'own';")], "own");
    prints(
        ("steps/b.js", "console.log(require('cucumber/part').taste);"),
        &[("node_modules/cucumber/part.js", vegetable)],
        "fresh",
    );
}

#[test]
fn a_module_that_a_scenario_loads_late_ends_with_it() {
    let feature = "
        Feature: F
          Scenario: one
            When the module says one
          Scenario: two
            When the module says two
          Scenario: gone
            When there is no module
          Scenario: back
            When the module says back
    ";
    let steps = "
        import { When } from 'quickcuke';
        import { writeFileSync } from 'node:fs';
        import os from 'node:os';
        import assert from 'node:assert';
        const file = () => os.tmpdir() + '/late.mjs';
        When('the module says {word}', async (word) => {
          writeFileSync(file(), `export default '${word}'`);
          assert.equal((await import(file())).default, word);
        });
        When('there is no module', async () => {
          await assert.rejects(import(file()), /Cannot find module/);
        });
    ";
    let mut project = Project::new().file("features/a.feature", feature).file("steps/a.mjs", steps);
    for restore in ["dirty-pages", "whole-copy", "fresh-vm"] {
        project = project.env("QUICKCUKE_RESTORE", restore);
        project.run(&[]).passes().prints("4 scenarios (4 passed)");
    }
}

#[test]
fn a_file_that_nests_too_deep_is_refused_with_its_place() {
    let deep = format!("{}{};\n", "[".repeat(30_000), "]".repeat(30_000));
    for file in ["steps/deep.js", "steps/deep.mts", "steps/deep.cjs"] {
        let project = Project::with_step("When('it happens', () => {});").file(file, &deep);
        project
            .run(&[])
            .fails()
            .complains(&format!("{file}:1:1501: More than 1,500 brackets inside each other"));
    }
}
