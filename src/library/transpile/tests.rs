use super::*;

fn of(name: &str, text: &str) -> Transpiled {
    with(name, text, None, &EmitOptions::default())
}

fn with(name: &str, text: &str, package: Option<PackageType>, options: &EmitOptions) -> Transpiled {
    transpile(Path::new(name), text, package, options).unwrap_or_else(|error| panic!("{error}"))
}

fn fails(name: &str, text: &str) -> String {
    let error = transpile(Path::new(name), text, None, &EmitOptions::default()).expect_err(text);
    assert_eq!(error.name, "SyntaxError");
    error.message
}

/// Where `needle` of the code came from, as (line, column).
fn origin(transpiled: &Transpiled, needle: &str) -> (u32, u32) {
    let at = transpiled
        .code
        .find(needle)
        .unwrap_or_else(|| panic!("no {needle:?} in {}", transpiled.code));
    let before = &transpiled.code[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = at - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    transpiled.map.original(line, column as u32).unwrap()
}

#[test]
fn types_go_and_values_stay() {
    let code = of(
        "/p/a.ts",
        "interface I { a: string }\ntype T = I;\ndeclare const d: number;\nabstract class A<X> implements I {\n  \
         declare z: X; a = 'a' as string; abstract m(): void; n?(): void; constructor(private readonly p: T, q?: X) {}\n}\n\
         export const a = <T,>(x: T): x is T => x!;\nlet v = a satisfies unknown;\nfunction f(this: I): void;\nfunction f() {}\n",
    )
    .code;
    for gone in [
        "interface",
        "type T",
        "declare",
        "abstract",
        "implements",
        "readonly",
        "satisfies",
        ": ",
        "this",
    ] {
        let allowed = gone == "this"; // `this.p = p`
        assert!(allowed || !code.contains(gone), "{gone} in {code}");
    }
    assert!(code.contains("this.p = p"), "{code}");
    assert!(!code.contains("this: I"), "{code}");
}

#[test]
fn enums_and_namespaces_become_values() {
    let code = of("/p/a.ts", "export enum E { A, B = 'b', C = 1 << 2 }\nconst enum K { X = 7 }\nnamespace N { export const a = K.X; }\nN.a;").code;
    assert!(code.contains(r#"E[E["A"] = 0] = "A""#), "{code}");
    assert!(code.contains(r#"E["B"] = "b""#), "{code}");
    assert!(code.contains("_N.a = "), "{code}");
}

#[test]
fn imports_that_are_only_types_go() {
    let text = "import type { A } from 'a';\nimport { B, type C } from 'b';\nimport { D } from 'd';\nimport 'e';\n\
                import unused from 'f';\nlet x: B = D();\nexport type { A };\nexport { x };\n";
    let code = of("/p/a.ts", text).code;
    for (module, stays) in [("a", false), ("b", false), ("d", true), ("e", true), ("f", false)] {
        assert_eq!(code.contains(&format!("\"{module}\"")), stays, "{module} in {code}");
    }
    let verbatim = EmitOptions { keep_unused_imports: true, ..EmitOptions::default() };
    let code = with("/p/a.ts", text, None, &verbatim).code;
    for (module, stays) in [("a", false), ("b", true), ("d", true), ("e", true), ("f", true)] {
        assert_eq!(code.contains(&format!("\"{module}\"")), stays, "{module} in {code}");
    }
}

#[test]
fn class_fields_are_defined_or_assigned() {
    let text = "class A { a = 1; b: number; static c = 2; #d = 3; constructor(public e: number) {} get d() { return this.#d } }";
    let defined = of("/p/a.ts", text).code;
    assert!(
        defined.contains("\ta = 1;")
            && defined.contains("\tb;")
            && defined.contains("static c = 2"),
        "{defined}"
    );
    let assign = EmitOptions { assign_class_fields: true, ..EmitOptions::default() };
    let assigned = with("/p/a.ts", text, None, &assign).code;
    assert!(assigned.contains("this.a = 1") && !assigned.contains("\tb;"), "{assigned}");
    assert!(assigned.contains("this.c = 2") && assigned.contains("#d"), "{assigned}");
    assert!(
        assigned.find("this.e = e") < assigned.find("this.a = 1"),
        "parameters come first: {assigned}"
    );
}

#[test]
fn legacy_decorators_need_the_option_and_bring_their_helpers() {
    let text = "import { binding, Given } from 'tsflow';\n@binding()\nexport class S {\n  @Given('x') step(@P name: string) {}\n}";
    let message = fails("/p/a.ts", text);
    assert!(
        message.starts_with("/p/a.ts:2:1: Decorators need \"experimentalDecorators\": true"),
        "{message}"
    );
    let legacy =
        EmitOptions { legacy_decorators: true, decorator_metadata: true, ..EmitOptions::default() };
    let code = with("/p/a.ts", text, None, &legacy).code;
    for part in [
        "babelHelpers={",
        "decorate:",
        "decorateParam:",
        "decorateMetadata:",
        "\"design:paramtypes\"",
    ] {
        assert!(code.contains(part), "{part} in {code}");
    }
    assert!(!of("/p/a.ts", "export const email = 'a@b';").code.contains("babelHelpers"));
}

#[test]
fn auto_accessors_become_getters_and_setters() {
    let code = of(
        "/p/a.ts",
        "class A { accessor a: number = 1; static accessor 'b c' = [2]; accessor #d; }",
    )
    .code;
    assert!(!code.contains("accessor a"), "{code}");
    for part in ["get a()", "set a(value)", "static get \"b c\"()", "= [2]", "get #d()"] {
        assert!(code.contains(part), "{part} in {code}");
    }
    assert!(
        fails("/p/a.ts", "class A { accessor [x] = 1; }")
            .starts_with("/p/a.ts:1:11: An accessor with a computed")
    );
}

#[test]
fn jsx_follows_the_config() {
    let text = "import React from 'react';\nexport const a = <b c={1}>d</b>;";
    let classic = of("/p/a.tsx", text).code;
    assert!(
        classic.contains("React.createElement(\"b\"") && classic.contains("\"react\""),
        "{classic}"
    );
    let options = EmitOptions {
        automatic_jsx: true,
        jsx_import_source: Some("preact".into()),
        ..EmitOptions::default()
    };
    let automatic = with("/p/a.jsx", text, None, &options).code;
    assert!(automatic.contains("preact/jsx-runtime"), "{automatic}");
}

#[test]
fn syntax_and_package_decide_the_kind() {
    use ModuleKind::{CommonJs, EsModule};
    let (module, commonjs) = (Some(PackageType::Module), Some(PackageType::CommonJs));
    for (name, text, package, kind) in [
        ("a.ts", "import a from 'a'; a();", None, EsModule),
        ("a.ts", "import a from 'a'; a();", commonjs, EsModule),
        ("a.ts", "export const a = 1;", commonjs, EsModule),
        ("a.ts", "import type { A } from 'a'; const b = require('b');", None, EsModule),
        ("a.ts", "const a: any = require('a'); a();", None, CommonJs),
        ("a.ts", "Given('x', () => {});", None, CommonJs),
        ("a.ts", "Given('x', () => {});", module, EsModule),
        ("a.ts", "import a = require('a'); export = a;", None, CommonJs),
        ("a.ts", "import a = require('a'); a();", commonjs, CommonJs),
        ("a.ts", "const a: number = await b();", None, EsModule),
        ("a.ts", "const a = async (): Promise<void> => { await b(); };", None, CommonJs),
        ("a.ts", "const url: string = import.meta.url;", None, EsModule),
        ("a.mts", "const a = 1;", None, EsModule),
        ("a.cts", "const a: number = 1;", module, CommonJs),
        ("a.cts", "import a from 'a'; a();", module, CommonJs),
        ("a.tsx", "const a = <b/>;", None, CommonJs),
    ] {
        let found = with(&format!("/p/{name}"), text, package, &EmitOptions::default()).kind;
        assert_eq!(found, kind, "{name} {package:?}: {text}");
    }
}

#[test]
fn imports_become_requires_where_the_exports_are_commonjs() {
    for export in ["export = { D, b, ns };", "module.exports = { D, b, ns };"] {
        let text = format!(
            "import D, {{ a as b }} from 'd';\nimport * as ns from 'ns';\nimport 'e';\nimport {{ T }} from 't';\nlet t: T;\n{export}"
        );
        let transpiled = of("/p/a.ts", &text);
        assert_eq!(transpiled.kind, ModuleKind::CommonJs);
        let code = &transpiled.code;
        assert!(code.starts_with("\"use strict\";"), "{code}");
        for part in [
            "require(\"d\"), D = ",
            "{ \"a\": b } = ",
            "ns = $quickcuke_1",
            "\nrequire(\"e\")",
            "module.exports = {",
        ] {
            assert!(code.contains(part), "{part:?} in {code}");
        }
        assert!(
            !code.contains("import ") && !code.contains("export {}") && !code.contains("\"t\""),
            "{code}"
        );
        assert_eq!(origin(&transpiled, "module.exports").0, 6);
        assert_eq!(origin(&transpiled, "require(\"e\")"), (3, 1));
    }
}

#[test]
fn the_default_of_a_package_is_the_one_of_commonjs() {
    let text = "import A, { b } from 'a';\nimport { default as C } from '@c/c';\nimport D from './d';\nimport E from 'node:e';\n\
                export default [A, b, C, D, E];";
    let code = of("/p/a.ts", text).code;
    for part in [
        "import $quickcuke_A, { b } from \"a\"",
        "const A = $quickcuke_default($quickcuke_A)",
        "const C = $quickcuke_default($quickcuke_C)",
        "import D from \"./d\"",
        "import E from \"node:e\"",
        "[\n\tA,",
    ] {
        assert!(code.contains(part), "{part:?} in {code}");
    }
    for (name, package) in [("/p/a.mts", None), ("/p/a.ts", Some(PackageType::Module))] {
        let code = with(name, text, package, &EmitOptions::default()).code;
        assert!(!code.contains("$quickcuke"), "as Node does: {code}");
    }
}

#[test]
fn commonjs_variables_work_in_an_es_module() {
    let text = "import { Given } from 'c';\nGiven('a', () => { require('x'); });\nexport const here = [__dirname, __filename];";
    let transpiled = of("/p/dir/a.ts", text);
    let first = transpiled.code.lines().next().unwrap();
    for part in [
        "createRequire(\"/p/dir/a.ts\")",
        "const __dirname=\"/p/dir\"",
        "const __filename=\"/p/dir/a.ts\"",
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert_eq!(origin(&transpiled, "import { Given }"), (1, 1));
    assert_eq!(origin(&transpiled, "Given(\"a\""), (2, 1));
    assert_eq!(origin(&transpiled, "require(\"x\")"), (2, 20));
}

#[test]
fn variables_that_the_file_declares_are_left_alone() {
    for text in [
        "import { createRequire } from 'module';\nconst require = createRequire(import.meta.url);\nexport default require('x');",
        "export function f(module: string, exports: string) { return module + exports; }",
        "import type { R } from 'r';\nexport type T = typeof require;",
        "export const o = { require: 1, __dirname: 2 }; o.require;",
    ] {
        let code = of("/p/a.ts", text).code;
        assert!(!code.contains("$quickcuke"), "{code}");
        assert!(!code.contains("const module="), "{code}");
    }
    let declared =
        of("/p/a.ts", "declare const require: any;\nexport const x = require('x');").code;
    assert!(declared.contains("const require="), "a declaration declares no value: {declared}");
}

#[test]
fn positions_lead_back_to_the_author() {
    let text = "interface Long {\n  a: string;\n}\n\nexport function f(a: Long): void {\n  const 日本: string = 'é'; throw new Error('x');\n}\n";
    let transpiled = of("/p/a.ts", text);
    assert_eq!(origin(&transpiled, "function f"), (5, 8));
    assert_eq!(origin(&transpiled, "throw"), (6, 27));
    assert_eq!(origin(&transpiled, "new Error"), (6, 33));
}

#[test]
fn errors_are_told_in_the_authors_positions() {
    let message = fails("/p/a.ts", "const a: number = 1;\n\tconst b = [1;\n");
    assert!(message.starts_with("/p/a.ts:2:14: "), "{message}");
    assert!(message.ends_with("\n  2 | \tconst b = [1;\n    | \t            ^"), "{message}");
    assert!(
        fails("/p/a.ts", "let a = 1;\nlet a = 2;")
            .starts_with("/p/a.ts:1:5: Identifier `a` has already been declared")
    );
}
