//! Which names a file imports and exports, for the error of a name that is not there.

use std::path::Path;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Declaration, ImportDeclarationSpecifier, Statement, StringLiteral};
use oxc::span::GetSpan as _;

use super::transpile;

/// Where a file imports, or exports from elsewhere, a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NameSite {
    /// As the author wrote it.
    pub specifier: String,
    /// Bytes before the name.
    pub at: usize,
}

/// Where the file takes `name` from a module whose specifier `means` the right one.
pub(super) fn site_of(
    path: &Path,
    text: &str,
    name: &str,
    means: &dyn Fn(&str) -> bool,
) -> Option<NameSite> {
    let allocator = Allocator::default();
    let parsed = transpile::parse(&allocator, path, text, None);
    let site = |source: &StringLiteral<'_>, at: u32| {
        let specifier = source.value.to_string();
        means(&specifier).then_some(NameSite { specifier, at: at as usize })
    };
    parsed.program.body.iter().find_map(|statement| match statement {
        Statement::ImportDeclaration(import) => {
            let specifier =
                import.specifiers.iter().flatten().find(|specifier| match specifier {
                    ImportDeclarationSpecifier::ImportSpecifier(one) => one.imported.name() == name,
                    ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => name == "default",
                    ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => false,
                })?;
            site(&import.source, specifier.span().start)
        }
        Statement::ExportFromDeclaration(export) => {
            let specifier = export.specifiers.iter().find(|one| one.local.name() == name)?;
            site(&export.source, specifier.span.start)
        }
        _ => None,
    })
}

/// The names that an ES module exports, but for those of `export *`.
pub(super) fn exported_names(path: &Path, text: &str) -> Vec<String> {
    let allocator = Allocator::default();
    let parsed = transpile::parse(&allocator, path, text, None);
    let mut names = Vec::new();
    for statement in &parsed.program.body {
        match statement {
            Statement::ExportNamedDeclaration(export) if !export.export_kind.is_type() => {
                names.extend(export.specifiers.iter().map(|one| one.exported.name().to_string()));
            }
            Statement::ExportFromDeclaration(export) if !export.export_kind.is_type() => {
                names.extend(export.specifiers.iter().map(|one| one.exported.name().to_string()));
            }
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(variables) => {
                    for variable in &variables.declarations {
                        let bound = variable.id.get_binding_identifiers();
                        names.extend(bound.iter().map(|id| id.name.to_string()));
                    }
                }
                Declaration::FunctionDeclaration(function) => {
                    names.extend(function.id.as_ref().map(|id| id.name.to_string()));
                }
                Declaration::ClassDeclaration(class) => {
                    names.extend(class.id.as_ref().map(|id| id.name.to_string()));
                }
                Declaration::TSEnumDeclaration(of_values) => {
                    names.push(of_values.id.name.to_string());
                }
                _ => {}
            },
            Statement::ExportDefaultDeclaration(_) => names.push("default".to_owned()),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_it_is_taken_from_the_module() {
        let text = "import { a } from './x';\nimport type { b } from './y';\nimport { a as c, b } from './z';\nexport { d as e } from './z';\n";
        let site = |name: &str| {
            let site = site_of(Path::new("/p/a.ts"), text, name, &|specifier| specifier == "./z")?;
            assert_eq!(site.specifier, "./z");
            Some(text[site.at..].split_inclusive([',', '}']).next().unwrap().to_owned())
        };
        assert_eq!(site("a").as_deref(), Some("a as c,"));
        assert_eq!(site("b").as_deref(), Some("b }"));
        assert_eq!(site("d").as_deref(), Some("d as e }"));
        assert_eq!(site("e"), None);
    }

    #[test]
    fn values_are_exported_and_types_are_not() {
        let text = "export const { a, b: [c] } = x, d = 1; export function e() {} export class F {}
            export interface G {} export type { H } from './h'; export { i as j }; export default 1;
            export enum K { L }";
        let names = exported_names(Path::new("/p/a.ts"), text);
        assert_eq!(names, ["a", "c", "d", "e", "F", "j", "default", "K"]);
    }
}
