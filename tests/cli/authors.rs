//! What authors read when something is wrong: messages of the engine, stack traces, imports, undefined steps.

use crate::project::Project;

#[test]
fn an_async_stack_trace_keeps_its_callers_up_to_the_step() {
    Project::with_step(
        "
        import { Page } from '../lib/page';
        When('it happens', async function () {
          const page = new Page();
          await page.open();
        });
        ",
    )
    .file(
        "lib/page.ts",
        "
        interface Line { text: string }
        const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
        async function parse(text: string): Promise<Line> {
          await tick();
          throw new Error(`bad line ${text}`);
        }
        export class Page {
          async open(): Promise<Line[]> {
            await tick();
            try {
              return await this.lines();
            } finally {
              await tick();
            }
          }
          private async lines(): Promise<Line[]> {
            await tick();
            const lines: Line[] = [];
            for (const text of ['a']) lines.push(await parse(text));
            return lines;
          }
        }
        ",
    )
    .run(&[])
    .fails()
    .prints("Error: bad line a")
    .prints("at parse (lib/page.ts:5:9)")
    .prints("at async Page.lines (lib/page.ts:19:42)")
    .prints("at async Page.open (lib/page.ts:11:14)")
    .prints("at async steps/a.ts:5:3")
    .does_not_print("quickcuke:")
    .does_not_print("<anonymous>");
}

#[test]
fn javascript_sees_the_callers_and_the_words_of_v8_too() {
    Project::with_step(
        "
        import assert from 'node:assert';
        const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
        const cluster: any = {};
        async function inner() { await tick(); cluster.on('x'); }
        async function middle() { try { await inner(); } catch (error) { await tick(); throw error; } }
        async function again(depth) { await tick(); if (depth > 0) await again(depth - 1); else await middle(); }
        const frames = (error) => error.stack.split('\\n').slice(1).map((line) => line.trim().split(' (')[0]);
        When('it happens', async function () {
          const error: any = await again(2).catch((error) => error);
          assert.equal(error.message, 'cluster.on is not a function');
          assert.deepEqual(frames(error), ['at inner', 'at async middle', 'at async again', 'at async again', 'at async again']);
          assert.deepEqual(frames(await inner().catch((error) => error)), ['at inner']);
          const early = await (async () => { throw new Error('early'); })().catch((error) => error);
          assert.equal(frames(early).filter((frame) => frame.includes('async')).length, 0);
          assert.throws(() => cluster.a.b, /^TypeError: Cannot read properties of undefined \\(reading 'b'\\)$/);
          assert.throws(() => new cluster.Worker(1), /^TypeError: cluster.Worker is not a constructor$/);
          assert.throws(() => { for (const x of cluster.list) x; }, /^TypeError: cluster.list is not iterable$/);
          assert.throws(() => { const { a } = cluster.options; }, /^TypeError: Cannot destructure property 'a' of 'cluster.options' as it is undefined/);
          assert.throws(() => { const one = 1; one = 2; }, /^TypeError: Assignment to constant variable.$/);
          assert.throws(() => { class A {} (A as any)(); }, /^TypeError: Class constructor A cannot be invoked without 'new'$/);
          assert.throws(() => cluster.run(String(1)), /^TypeError: cluster.run is not a function$/);
          assert.throws(() => { throw new TypeError('not a function'); }, /^TypeError: not a function$/);
          assert.throws(() => { throw new TypeError('circular reference'); }, /^TypeError: circular reference$/);
          const deep = () => deep();
          try { deep(); } catch (error) { assert.match(error.stack, /at deep \\(/); }
          Error.prepareStackTrace = (error, sites) => `${error.message} in ${sites[0].getFunctionName()}`;
          assert.equal((function named() { return new Error('x').stack; })(), 'x in named');
          Error.prepareStackTrace = undefined;
        });
        ",
    )
    .run(&[])
    .passes();
}

#[test]
fn a_failing_operation_shows_the_line_of_the_helper() {
    Project::with_step(
        "
        async function load() {
          const response = await fetch('http://localhost:1/');
          return response.text();
        }
        When('it happens', async function () {
          await load();
        });
        ",
    )
    .run(&["--allow-net=localhost:1"])
    .fails()
    .prints("at async load (steps/a.ts:3:20)")
    .prints("at async steps/a.ts:7:3");
}

#[test]
fn an_import_of_what_is_not_exported_is_named_with_its_place() {
    let project = Project::with_step("When('it happens', () => {});")
        .file("steps/b.ts", "import { When } from 'quickcuke';\nimport { Givn } from '@cucumber/cucumber';\nGivn('x', () => {});\n");
    for _ in 0..2 {
        project.run(&[]).fails().complains(
            "/project/steps/b.ts:2:10: The requested module '@cucumber/cucumber' does not provide an export named 'Givn'. Did you mean 'Given'?",
        );
    }
    Project::with_step("import { oen } from '../lib';\nWhen('it happens', () => oen);")
        .file("lib.ts", "export const one = 1;")
        .run(&[])
        .fails()
        .complains("/project/steps/a.ts:2:10: The requested module '../lib' does not provide an export named 'oen'. Did you mean 'one'?");
}

#[test]
fn a_module_of_node_that_is_not_there_is_called_that() {
    Project::with_step("import { DatabaseSync } from 'node:sqlite';\nWhen('it happens', () => new DatabaseSync('x'));")
        .run(&[])
        .fails()
        .complains("'node:sqlite' is a module of Node that quickcuke does not have, imported from /project/steps/a.ts:2:30");
    Project::with_step("import { x } from 'node:htpp';\nWhen('it happens', () => x);")
        .run(&[])
        .fails()
        .complains("Did you mean 'node:http'?");
}

#[test]
fn an_undefined_step_gets_the_nearest_definition_and_a_typed_snippet() {
    Project::with_step("When('it happend', () => {});")
        .file("features/b.feature", "Feature: F\n  Scenario: s\n    When I buy 3 \"tea\"\n      | a |\n")
        .run(&[])
        .fails()
        .prints("// Did you mean 'it happend'? # steps/a.ts:3")
        .prints("When('I buy {int} {string}', function (int: number, string: string, dataTable: DataTable) {");
}

#[test]
fn a_regular_expression_that_does_not_compile_has_a_place() {
    Project::with_step("When('it happens', () => {});\nWhen(/^a (b$/, () => {});")
        .run(&[])
        .fails()
        .complains("/project/steps/a.ts:3:6: Invalid regular expression: /^a (b$/: ");
    Project::with_step("When('it happens', () => {});")
        .file("steps/b.cjs", "const { When } = require('quickcuke');\n\nWhen(/[b-a]/, () => {});\n")
        .run(&[])
        .fails()
        .complains("/project/steps/b.cjs:3:6: Invalid regular expression: /[b-a]/: ");
}

#[test]
fn the_flag_v_takes_hyphens_and_doubled_punctuators_outside_of_classes() {
    Project::with_step(
        "
        When(/^it-happens && [\\p{L}--[a]]-(\\d)$/v, (digit: string) => { if (digit !== '7') throw new Error(digit); });
        ",
    )
    .file("features/a.feature", "Feature: F\n  Scenario: it\n    When it-happens && b-7\n")
    .run(&[])
    .passes();
}
