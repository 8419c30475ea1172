//! Rewrites the imports of TypeScript that was written to be compiled to CommonJS, where it must
//! see what it saw there.
//!
//! - A file whose exports are CommonJS (`export =`, `module.exports = …`) gets `require` calls for
//!   its imports: its importers must be given that value, which no ES module can give. The bindings
//!   are no longer live, as they are not in hand-written CommonJS either.
//! - In an ES module, the default import of a package that was itself compiled to CommonJS is its
//!   `exports.default` (TypeScript's `esModuleInterop`), where Node would give all of
//!   `module.exports`.

use std::fmt::Write as _;

use oxc::allocator::Allocator;
use oxc::ast::ast::{ImportDeclaration, ImportDeclarationSpecifier, Program, Statement};
use oxc::ast_visit::VisitMut;
use oxc::parser::Parser;
use oxc::span::{SourceType, Span};

use super::error::is_path;
use super::shims::DEFAULT_OF;

/// Replaces the imports of `program`, each at its place.
pub(super) fn to_requires<'a>(program: &mut Program<'a>, allocator: &'a Allocator) {
    for (index, statement) in program.body.iter_mut().enumerate() {
        if let Statement::ImportDeclaration(import) = statement {
            let (span, text) = (import.span, require(import, index));
            if let Some(parsed) = parse_statement(allocator, &text, span) {
                *statement = parsed;
            }
        }
    }
    // What is left of exports that were types.
    program.body.retain(|statement| !matches!(statement, Statement::ExportNamedDeclaration(_)));
}

/// Gives every default import of a package another name, and its own name to what TypeScript would
/// take it for. Whether there was any.
pub(super) fn adapt_defaults<'a>(program: &mut Program<'a>, allocator: &'a Allocator) -> bool {
    let mut constants = Vec::new();
    for statement in &mut program.body {
        let Statement::ImportDeclaration(import) = statement else { continue };
        let span = import.span;
        let package = import.source.value.as_str();
        if is_path(package) || package.starts_with("node:") {
            continue;
        }
        for specifier in import.specifiers.iter_mut().flatten() {
            let local = match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => &mut default.local,
                ImportDeclarationSpecifier::ImportSpecifier(named)
                    if named.imported.name() == "default" =>
                {
                    &mut named.local
                }
                _ => continue,
            };
            let imported = allocator.alloc_str(&format!("$quickcuke_{}", local.name));
            constants.push((span, format!("const {} = {DEFAULT_OF}({imported})", local.name)));
            local.name = imported.into();
        }
    }
    let any = !constants.is_empty();
    let constants =
        constants.into_iter().filter_map(|(span, text)| parse_statement(allocator, &text, span));
    program.body.splice(0..0, constants.collect::<Vec<_>>());
    any
}

/// `const …` as text.
fn require(import: &ImportDeclaration, index: usize) -> String {
    let module = format!("require({})", quoted(&import.source.value));
    let Some(specifiers) = import.specifiers.as_ref().filter(|specifiers| !specifiers.is_empty())
    else {
        return module;
    };
    let value = format!("$quickcuke_{index}");
    let mut declarations = format!("const {value} = {module}");
    for specifier in specifiers {
        let local = specifier.local().name;
        let _ = match specifier {
            ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => {
                write!(declarations, ", {local} = {value}")
            }
            ImportDeclarationSpecifier::ImportSpecifier(named)
                if named.imported.name() != "default" =>
            {
                write!(declarations, ", {{{}: {local}}} = {value}", quoted(&named.imported.name()))
            }
            _ => write!(declarations, ", {local} = {DEFAULT_OF}({value})"),
        };
    }
    declarations
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `text` as a statement that stands, for the source map, at `span`.
pub(super) fn parse_statement<'a>(
    allocator: &'a Allocator,
    text: &str,
    span: Span,
) -> Option<Statement<'a>> {
    let parsed = Parser::new(allocator, allocator.alloc_str(text), SourceType::cjs()).parse();
    let mut statement = parsed.program.body.into_iter().next()?;
    MoveTo(span).visit_statement(&mut statement);
    Some(statement)
}

/// Gives every node the one span.
struct MoveTo(Span);

impl VisitMut<'_> for MoveTo {
    fn visit_span(&mut self, span: &mut Span) {
        *span = self.0;
    }
}
