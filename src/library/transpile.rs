//! TypeScript and JSX to the JavaScript that QuickJS runs, with a source map.
//!
//! One file at a time, without types: what TypeScript calls `isolatedModules`. A file keeps its
//! module syntax; only one whose exports are CommonJS has its imports rewritten.

use std::path::Path;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Decorator, Program, Statement};
use oxc::ast_visit::Visit;
use oxc::codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc::diagnostics::Diagnostics;
use oxc::parser::{Parser, ParserReturn};
use oxc::semantic::SemanticBuilder;
use oxc::span::{GetSpan as _, SourceType, Span};
use oxc::transformer::{HelperLoaderMode, JsxRuntime, TransformOptions, Transformer};

use super::kind::PackageType;
use super::shims::COMMONJS_VARIABLES;
use super::source_map::{Segment, SourceMap};
use super::tsconfig::EmitOptions;
use super::{accessors, error, imports, shims};
use crate::isolate::{LoadError, ModuleKind};

/// What came of a file.
#[derive(Debug)]
pub(super) struct Transpiled {
    pub(super) kind: ModuleKind,
    pub(super) code: String,
    pub(super) map: SourceMap,
}

/// # Errors
/// Every syntax error of the file, in its own positions.
pub(super) fn transpile(
    path: &Path,
    text: &str,
    package: Option<PackageType>,
    options: &EmitOptions,
) -> Result<Transpiled, LoadError> {
    let broken = |diagnostics: Diagnostics| error::syntax(path, text, diagnostics);
    let refused = |span: Span, message: &str| {
        error::syntax_error(error::at(path, text, span.start as usize, message))
    };

    let allocator = Allocator::default();
    let parsed = parse(&allocator, path, text, package);
    if parsed.diagnostics.has_errors() || parsed.panicked {
        return Err(broken(parsed.diagnostics));
    }
    let mut program = parsed.program;
    program.hashbang = None;
    let syntax = Syntax::of(&program, !parsed.module_record.import_metas.is_empty());
    if !options.legacy_decorators
        && text.contains('@')
        && let Some(span) = first_decorator(&program)
    {
        let message = "Decorators need \"experimentalDecorators\": true under \"compilerOptions\" \
                       in tsconfig.json";
        return Err(refused(span, message));
    }

    let semantic = SemanticBuilder::new_compiler()
        .with_excess_capacity(2.0)
        .with_enum_eval(true)
        .build(&program);
    if semantic.diagnostics.has_errors() {
        return Err(broken(semantic.diagnostics));
    }
    let scoping = semantic.semantic.into_scoping();
    let transformed = Transformer::new(&allocator, path, &transform_options(options))
        .build_with_scoping(scoping, &mut program);
    if transformed.diagnostics.has_errors() {
        return Err(broken(transformed.diagnostics));
    }
    #[expect(deprecated, reason = "the only way to know which helpers to bring")]
    let mut helpers: Vec<&str> =
        transformed.helpers_used.keys().map(|helper| helper.name()).collect();
    helpers.sort_unstable();
    if text.contains("accessor") {
        accessors::lower(&mut program, &allocator).map_err(|span| {
            refused(span, "An accessor with a computed name is not supported: give it a plain name")
        })?;
    }

    let free = free_variables(&program, text);
    let kind = syntax.kind(path, package, has_exports(&program), &free);
    let prefix = match kind {
        ModuleKind::EsModule => {
            let compiled_to_commonjs = syntax.may_be_commonjs(path, package);
            let defaults =
                compiled_to_commonjs && imports::adapt_defaults(&mut program, &allocator);
            shims::for_es_module(path, &free, defaults, &helpers)
        }
        _ => {
            if syntax.declarations {
                imports::to_requires(&mut program, &allocator);
            }
            let strict = program.directives.iter().any(|directive| directive.is_use_strict());
            shims::for_commonjs(strict, syntax.declarations, &helpers)
        }
    };
    let Some(prefix) = prefix else {
        let message =
            format!("This file needs helpers that quickcuke does not have: {}", helpers.join(", "));
        return Err(refused(Span::new(0, 0), &message));
    };
    let (code, map) = print(&program, path, &prefix);
    Ok(Transpiled { kind, code, map })
}

/// As an ES module where that is settled; else as what it turns out to be.
pub(super) fn parse<'a>(
    allocator: &'a Allocator,
    path: &Path,
    text: &'a str,
    package: Option<PackageType>,
) -> ParserReturn<'a> {
    let source_type = SourceType::from_path(path).unwrap_or_else(|_| SourceType::ts());
    if source_type.is_module()
        || (!source_type.is_commonjs() && package == Some(PackageType::Module))
    {
        return Parser::new(allocator, text, source_type.with_module(true)).parse();
    }
    let parsed = Parser::new(allocator, text, source_type.with_unambiguous(true)).parse();
    if parsed.diagnostics.has_errors() && text.contains("await") {
        // `await` at the top level makes an ES module as well.
        let module = Parser::new(allocator, text, source_type.with_module(true)).parse();
        if !module.diagnostics.has_errors() {
            return module;
        }
    }
    parsed
}

/// What of its syntax decides the kind of a file.
struct Syntax {
    /// `import` or `export` declarations as written, those of types included.
    declarations: bool,
    /// `import.meta` or a top-level `await`.
    only_es_module: bool,
}

impl Syntax {
    fn of(program: &Program, import_meta: bool) -> Syntax {
        let of_commonjs = |statement: &Statement| {
            let export = matches!(statement, Statement::TSExportAssignment(_));
            export || matches!(statement, Statement::TSImportEqualsDeclaration(_))
        };
        let declarations =
            program.body.iter().any(|s| s.is_module_declaration() && !of_commonjs(s));
        let by_await = program.source_type.is_module()
            && !declarations
            && !program.body.iter().any(of_commonjs);
        Syntax { declarations, only_es_module: import_meta || by_await }
    }

    /// Whether TypeScript with the usual options would compile the file to CommonJS.
    fn may_be_commonjs(&self, path: &Path, package: Option<PackageType>) -> bool {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("cts") => true,
            Some("mts") => false,
            _ => package != Some(PackageType::Module) && !self.only_es_module,
        }
    }

    /// `exports`: something is exported by name once types are gone; `free`: CommonJS variables in
    /// use.
    fn kind(
        &self,
        path: &Path,
        package: Option<PackageType>,
        exports: bool,
        free: &[&str],
    ) -> ModuleKind {
        if !self.may_be_commonjs(path, package) || exports {
            return ModuleKind::EsModule;
        }
        let exports_commonjs = free.contains(&"module") || free.contains(&"exports");
        let commonjs =
            exports_commonjs || path.extension().is_some_and(|extension| extension == "cts");
        if self.declarations && !commonjs { ModuleKind::EsModule } else { ModuleKind::CommonJs }
    }
}

/// Whether anything is exported; `export {}` only says that the file is a module.
fn has_exports(program: &Program) -> bool {
    program.body.iter().any(|statement| match statement {
        Statement::ExportNamedDeclaration(export) => !export.specifiers.is_empty(),
        Statement::ExportDeclaration(_)
        | Statement::ExportFromDeclaration(_)
        | Statement::ExportDefaultDeclaration(_)
        | Statement::ExportAllDeclaration(_) => true,
        _ => false,
    })
}

pub(super) fn transform_options(options: &EmitOptions) -> TransformOptions {
    let mut transform = TransformOptions::default();
    transform.typescript.only_remove_type_imports = options.keep_unused_imports;
    transform.typescript.remove_class_fields_without_initializer = options.assign_class_fields;
    transform.assumptions.set_public_class_fields = options.assign_class_fields;
    transform.decorator.legacy = options.legacy_decorators;
    transform.decorator.emit_decorator_metadata = options.decorator_metadata;
    transform.decorator.strict_null_checks = !options.loose_null_checks;
    transform.helper_loader.mode = HelperLoaderMode::External;
    transform.jsx.runtime =
        if options.automatic_jsx { JsxRuntime::Automatic } else { JsxRuntime::Classic };
    if options.automatic_jsx {
        transform.jsx.import_source.clone_from(&options.jsx_import_source);
    } else {
        transform.jsx.pragma.clone_from(&options.jsx_factory);
        transform.jsx.pragma_frag.clone_from(&options.jsx_fragment_factory);
    }
    if let Some(factory) = &options.jsx_factory {
        transform.typescript.jsx_pragma = factory.clone().into();
    }
    if let Some(factory) = &options.jsx_fragment_factory {
        transform.typescript.jsx_pragma_frag = factory.clone().into();
    }
    transform
}

/// The CommonJS variables that the code uses and does not declare. Looked for in what is left once
/// types are gone.
fn free_variables(program: &Program, text: &str) -> Vec<&'static str> {
    let mentioned = ["require", "module", "export", "__filename", "__dirname"];
    if !mentioned.iter().any(|name| text.contains(name)) {
        return Vec::new();
    }
    let scoping = SemanticBuilder::new().build(program).semantic.into_scoping();
    let unresolved = scoping.root_unresolved_references();
    let is_free = |name: &&str| unresolved.keys().any(|unresolved| unresolved.as_str() == *name);
    COMMONJS_VARIABLES.iter().copied().filter(is_free).collect()
}

fn first_decorator(program: &Program) -> Option<Span> {
    struct First(Option<Span>);
    impl<'a> Visit<'a> for First {
        fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
            self.0.get_or_insert(decorator.span());
        }
    }
    let mut first = First(None);
    first.visit_program(program);
    first.0
}

/// The code behind `prefix`, and the map that knows of it.
pub(super) fn print(program: &Program, path: &Path, prefix: &str) -> (String, SourceMap) {
    let options = CodegenOptions {
        source_map_path: Some(path.to_path_buf()),
        comments: CommentOptions::disabled(),
        ..CodegenOptions::default()
    };
    let printed = Codegen::new().with_options(options).build(program);
    let segments = printed.map.map(|map| {
        let tokens = map.get_tokens().filter(|token| token.get_source_id().is_some());
        let segments = tokens.map(|token| Segment {
            generated_line: token.get_dst_line(),
            generated_column: token.get_dst_col(),
            line: token.get_src_line(),
            column: token.get_src_col(),
        });
        segments.collect::<Vec<_>>()
    });
    let mut map = SourceMap::new(&printed.code, segments.unwrap_or_default());
    if prefix.is_empty() {
        return (printed.code, map);
    }
    map.shift_first_line(prefix.len() as u32);
    (format!("{prefix}{}", printed.code), map)
}

#[cfg(test)]
mod tests;
