//! Scripts: source text that is run in a session, with `return` and `await` at its top level, whose
//! `var`s and functions are global.
//!
//! What comes out is the body of a CommonJS module that returns a promise of what the script
//! returns. Its top-level `var`s and functions are no declarations any more but assignments to
//! globals, which whoever runs it declares first. `let`, `const` and classes stay the script's own.

use std::path::Path;

use oxc::allocator::{Allocator, TakeIn};
use oxc::ast::ast::{
    ArrowFunctionExpression, BindingPattern, Class, Expression, ForStatementInit, ForStatementLeft,
    Function, FunctionType, Program, PropertyKey, Statement, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc::ast_visit::{VisitMut, walk_mut};
use oxc::diagnostics::Diagnostics;
use oxc::parser::{ParseOptions, Parser};
use oxc::semantic::{ScopeFlags, SemanticBuilder};
use oxc::span::{GetSpan as _, SourceType, Span};
use oxc::transformer::Transformer;

use super::imports::{self, parse_statement};
use super::kind::PackageType;
use super::source_map::SourceMap;
use super::transpile::{print, transform_options, transpile};
use super::tsconfig::EmitOptions;
use super::{error, nesting, shims};
use crate::isolate::LoadError;

/// What stands before the code, on its first line, and after it.
const OPENING: &str = "return (async () => {";
const CLOSING: &str = "\n})()";

/// Stands for an expression until the statement around it is parsed.
const HOLE: &str = "$quickcuke_hole_";

/// A script as the VM takes it.
#[derive(Debug)]
pub(crate) struct ScriptCode {
    /// The body of a CommonJS module.
    pub(crate) code: String,
    map: SourceMap,
    /// The globals that it assigns and that must be there before it runs.
    pub(crate) globals: Vec<String>,
}

impl ScriptCode {
    /// The author's line and column (UTF-16) for those of the code (bytes); all from 1.
    pub(crate) fn original(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        self.map.original(line, column)
    }
}

/// TypeScript unless the file's name says JavaScript or JSX.
///
/// # Errors
/// Each syntax error as `file:line:column: message`; also for `export`, which a script cannot have.
pub(crate) fn script(file: &str, text: &str) -> Result<ScriptCode, LoadError> {
    let path = Path::new(file);
    nesting::with_stack(path, text, || on_this_stack(path, text))
}

fn on_this_stack(path: &Path, text: &str) -> Result<ScriptCode, LoadError> {
    let broken = |diagnostics: Diagnostics| error::syntax(path, text, diagnostics);
    let allocator = Allocator::default();
    let source_type = SourceType::from_path(path).unwrap_or_else(|_| SourceType::ts());
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let parsed =
        Parser::new(&allocator, text, source_type.with_module(true)).with_options(options).parse();
    if parsed.diagnostics.has_errors() || parsed.panicked {
        return Err(broken(parsed.diagnostics));
    }
    let mut program = parsed.program;
    program.hashbang = None;
    let export = program.body.iter().find(|statement| {
        statement.is_module_declaration() && !matches!(statement, Statement::ImportDeclaration(_))
    });
    if let Some(export) = export {
        let message = "A script exports nothing: `return` its value, or run it as a module";
        return Err(error::syntax_error(error::at(
            path,
            text,
            export.span().start as usize,
            message,
        )));
    }
    let semantic = SemanticBuilder::new_compiler().with_enum_eval(true).build(&program);
    if semantic.diagnostics.has_errors() {
        return Err(broken(semantic.diagnostics));
    }
    let scoping = semantic.semantic.into_scoping();
    let transformed =
        Transformer::new(&allocator, path, &transform_options(&EmitOptions::default()))
            .build_with_scoping(scoping, &mut program);
    if transformed.diagnostics.has_errors() {
        return Err(broken(transformed.diagnostics));
    }
    let imports = program.body.iter().any(|s| matches!(s, Statement::ImportDeclaration(_)));
    if imports {
        imports::to_requires(&mut program, &allocator);
    }
    let globals = lift(&mut program, &allocator);
    let Some(shims) = shims::for_commonjs(false, imports, &[]) else {
        unreachable!("no helper is asked for")
    };
    let (mut code, map) = print(&program, path, &format!("{shims}{OPENING}"));
    code.push_str(CLOSING);
    Ok(ScriptCode { code, map, globals })
}

/// A module whose text stands in no file.
///
/// # Errors
/// As of a module in a file.
pub(crate) fn module(file: &str, text: &str) -> Result<ScriptCode, LoadError> {
    let package = Some(PackageType::Module);
    let path = Path::new(file);
    let transpiled = nesting::with_stack(path, text, || {
        transpile(path, text, package, &EmitOptions::default())
    })?;
    Ok(ScriptCode { code: transpiled.code, map: transpiled.map, globals: Vec::new() })
}

/// Makes assignments of the top-level `var`s and functions; the names, each once.
fn lift<'a>(program: &mut Program<'a>, allocator: &'a Allocator) -> Vec<String> {
    let mut lift = Lift { allocator, globals: Vec::new() };
    for statement in &mut program.body {
        lift.visit_statement(statement);
    }
    // Functions are there before anything runs.
    let mut functions = Vec::new();
    for statement in &mut program.body {
        if let Statement::FunctionDeclaration(function) = statement
            && let Some(name) = function.id.take()
        {
            let span = function.span;
            let mut function = function.take_in_box(&allocator);
            function.r#type = FunctionType::FunctionExpression;
            let function = Expression::FunctionExpression(function);
            let name = name.name.to_string();
            if let Some(assigned) = lift.filled(&format!("{name} = {HOLE}0"), span, vec![function])
            {
                functions.push(assigned);
            }
            lift.declare(name);
            *statement = lift.empty(span);
        }
    }
    program.body.splice(0..0, functions);
    lift.globals
}

struct Lift<'a> {
    allocator: &'a Allocator,
    globals: Vec<String>,
}

impl<'a> Lift<'a> {
    fn declare(&mut self, name: String) {
        if !self.globals.contains(&name) {
            self.globals.push(name);
        }
    }

    fn empty(&self, span: Span) -> Statement<'a> {
        parse_statement(self.allocator, ";", span).expect("a statement")
    }

    /// The text as a statement, its holes filled.
    fn filled(&self, text: &str, span: Span, holes: Vec<Expression<'a>>) -> Option<Statement<'a>> {
        let mut statement = parse_statement(self.allocator, text, span)?;
        Fill(holes.into_iter().map(Some).collect()).visit_statement(&mut statement);
        Some(statement)
    }

    /// The declaration as an expression; none where it assigns nothing.
    fn assignments(&mut self, declaration: &mut VariableDeclaration<'a>) -> Option<Expression<'a>> {
        let mut text = String::new();
        let mut holes = Vec::new();
        for declarator in &mut declaration.declarations {
            let target = self.target(&mut declarator.id, &mut holes);
            let Some(value) = declarator.init.take() else { continue };
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&format!("{target} = {}", hole(&mut holes, value)));
        }
        if text.is_empty() {
            return None;
        }
        match self.filled(&format!("({text})"), declaration.span, holes)? {
            Statement::ExpressionStatement(statement) => {
                Some(statement.unbox().expression.into_inner_expression())
            }
            _ => None,
        }
    }

    /// The text of a pattern as the target of an assignment. Takes its expressions out.
    fn target(
        &mut self,
        pattern: &mut BindingPattern<'a>,
        holes: &mut Vec<Expression<'a>>,
    ) -> String {
        match pattern {
            BindingPattern::BindingIdentifier(name) => {
                self.declare(name.name.to_string());
                name.name.to_string()
            }
            BindingPattern::AssignmentPattern(pattern) => {
                let target = self.target(&mut pattern.left, holes);
                let value = pattern.right.take_in(&self.allocator);
                format!("{target} = {}", hole(holes, value))
            }
            BindingPattern::ArrayPattern(pattern) => {
                let mut parts: Vec<String> = Vec::new();
                for element in &mut pattern.elements {
                    let part = element.as_mut().map(|element| self.target(element, holes));
                    parts.push(part.unwrap_or_default());
                }
                if let Some(rest) = &mut pattern.rest {
                    parts.push(format!("...{}", self.target(&mut rest.argument, holes)));
                } else if parts.last().is_some_and(String::is_empty) {
                    // A hole at the end needs a comma of its own.
                    parts.push(String::new());
                }
                format!("[{}]", parts.join(", "))
            }
            BindingPattern::ObjectPattern(pattern) => {
                let mut parts: Vec<String> = Vec::new();
                for property in &mut pattern.properties {
                    let key = match &mut property.key {
                        PropertyKey::StaticIdentifier(name) => name.name.to_string(),
                        key => {
                            let key = key.take_in(&self.allocator).into_expression();
                            format!("[{}]", hole(holes, key))
                        }
                    };
                    let target = self.target(&mut property.value, holes);
                    parts.push(format!("{key}: {target}"));
                }
                if let Some(rest) = &mut pattern.rest {
                    parts.push(format!("...{}", self.target(&mut rest.argument, holes)));
                }
                format!("{{{}}}", parts.join(", "))
            }
        }
    }

    /// What a `for (… of …)` assigns to in place of the `var` it declares.
    fn left(&mut self, left: &mut ForStatementLeft<'a>) {
        let ForStatementLeft::VariableDeclaration(declaration) = left else { return };
        if declaration.kind != VariableDeclarationKind::Var {
            return;
        }
        let (span, mut holes) = (declaration.span, Vec::new());
        let Some(declarator) = declaration.declarations.first_mut() else { return };
        let target = self.target(&mut declarator.id, &mut holes);
        if let Some(Statement::ForOfStatement(parsed)) =
            self.filled(&format!("for ({target} of 0);"), span, holes)
        {
            *left = parsed.unbox().left;
        }
    }
}

fn hole<'a>(holes: &mut Vec<Expression<'a>>, value: Expression<'a>) -> String {
    holes.push(value);
    format!("{HOLE}{}", holes.len() - 1)
}

impl<'a> VisitMut<'a> for Lift<'a> {
    // What is declared in there is not the script's.
    fn visit_function(&mut self, _: &mut Function<'a>, _: ScopeFlags) {}
    fn visit_arrow_function_expression(&mut self, _: &mut ArrowFunctionExpression<'a>) {}
    fn visit_class(&mut self, _: &mut Class<'a>) {}

    fn visit_statement(&mut self, statement: &mut Statement<'a>) {
        walk_mut::walk_statement(self, statement);
        match statement {
            Statement::VariableDeclaration(declaration)
                if declaration.kind == VariableDeclarationKind::Var =>
            {
                let span = declaration.span;
                *statement = match self.assignments(declaration) {
                    None => self.empty(span),
                    Some(value) => {
                        let text = format!("({HOLE}0)");
                        self.filled(&text, span, vec![value]).unwrap_or_else(|| self.empty(span))
                    }
                };
            }
            Statement::ForStatement(statement) => {
                if let Some(ForStatementInit::VariableDeclaration(declaration)) =
                    &mut statement.init
                    && declaration.kind == VariableDeclarationKind::Var
                {
                    statement.init = self.assignments(declaration).map(ForStatementInit::from);
                }
            }
            Statement::ForOfStatement(statement) => self.left(&mut statement.left),
            Statement::ForInStatement(statement) => self.left(&mut statement.left),
            _ => {}
        }
    }
}

/// Puts expressions where their names stand.
struct Fill<'a>(Vec<Option<Expression<'a>>>);

impl<'a> VisitMut<'a> for Fill<'a> {
    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        let Expression::Identifier(name) = &*expression else {
            return walk_mut::walk_expression(self, expression);
        };
        let index = name.name.strip_prefix(HOLE).and_then(|index| index.parse::<usize>().ok());
        if let Some(value) = index.and_then(|index| self.0.get_mut(index)?.take()) {
            *expression = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code without what is around it, in one line, and the globals.
    fn lifted(text: &str) -> (String, String) {
        let script = script("a.ts", text).unwrap();
        let code = script.code.split_once(OPENING).unwrap().1.strip_suffix(CLOSING).unwrap();
        let code: Vec<_> = code.split_whitespace().collect();
        (code.join(" "), script.globals.join(" "))
    }

    #[test]
    fn vars_and_functions_become_assignments_to_globals() {
        for (text, code, globals) in [
            ("var a = 1, b, c = a", "a = 1, c = a;", "a b c"),
            ("var x: number; let y = 1; const z = 2", "; let y = 1; const z = 2;", "x"),
            ("f(); function f() { var own }", "f = function() { var own; }; f(); ;", "f"),
            ("async function* g() {}", "g = async function* () {}; ;", "g"),
            ("if (a) { var b = 1 }", "if (a) { b = 1; }", "b"),
            ("for (var i = 0; i < 1; i++) var j = i", "for (i = 0; i < 1; i++) j = i;", "j i"),
            ("for (var k in o);", "for (k in o);", "k"),
            ("for (var [a, b] of o);", "for ([a, b] of o);", "a b"),
            (
                "var { a, b: [c, , ...d], [k()]: e = 1, ...r } = o as any",
                "({a: a, b: [ c, , ...d ], [k()]: e = 1, ...r} = o);",
                "a c d e r",
            ),
            ("class A { static { var own = 1 } }", "class A { static { var own = 1; } }", ""),
            ("const f = () => { var own = 1 }", "const f = () => { var own = 1; };", ""),
        ] {
            let (got, names) = lifted(text);
            let plain = |text: &str| text.replace(' ', "");
            assert_eq!(plain(&got), plain(code), "{text}");
            assert_eq!(names, globals, "{text}");
        }
    }

    #[test]
    fn return_await_and_import_stand_at_the_top_level() {
        assert_eq!(lifted("return await 1").0, "return await 1;");
        assert!(
            lifted("import { join } from 'node:path'; return join('a')")
                .0
                .contains("require(\"node:path\")")
        );
    }

    #[test]
    fn an_error_has_its_place() {
        let error = script("a.ts", "let a\nlet = = 1").unwrap_err();
        assert_eq!(error.name, "SyntaxError");
        assert!(error.message.starts_with("a.ts:2:"), "{}", error.message);
        let error = script("a.ts", "  export const a = 1").unwrap_err();
        assert!(
            error.message.starts_with("a.ts:1:3: A script exports nothing"),
            "{}",
            error.message
        );
    }

    #[test]
    fn positions_lead_back_to_the_author() {
        let text = "var a: number = 1;\nfunction f() { throw new Error('x') }\nf();";
        let script = script("a.ts", text).unwrap();
        let line = script.code.lines().position(|line| line.contains("throw")).unwrap();
        let column = script.code.lines().nth(line).unwrap().find("new Error").unwrap();
        assert_eq!(script.map.original(line as u32 + 1, column as u32 + 1), Some((2, 22)));
    }
}
