//! What is put before transpiled code, on its first line: stand-ins for the CommonJS variables that
//! an ES module does not have, and the few helpers that lowered syntax calls.

use std::fmt::Write as _;
use std::path::Path;

/// The variables that every CommonJS module has. TypeScript that ran as CommonJS under ts-node uses
/// them although it is written as an ES module.
pub(super) const COMMONJS_VARIABLES: &[&str] =
    &["require", "module", "exports", "__filename", "__dirname"];

/// TypeScript's own definition of legacy decorators, by the name the transformer calls each part.
const HELPERS: &[(&str, &str)] = &[
    (
        "decorate",
        "(ds,t,k,p)=>{const n=p===undefined?k===undefined?1:2:p===null?4:3;\
         let r=n<3?t:p===null?Object.getOwnPropertyDescriptor(t,k):p;\
         for(let i=ds.length-1;i>=0;i--){const d=ds[i];if(d)r=(n===1?d(r):n===2?d(t,k):d(t,k,r))||r}\
         if(n>2&&r)Object.defineProperty(t,k,r);return r}",
    ),
    ("decorateParam", "(i,d)=>(t,k)=>d(t,k,i)"),
    (
        "decorateMetadata",
        "(k,v)=>{if(typeof Reflect.metadata==='function')return Reflect.metadata(k,v)}",
    ),
];

/// The default import of a CommonJS module, where TypeScript compiled to CommonJS would look for
/// it.
pub(super) const DEFAULT_OF: &str = "$quickcuke_default";

/// One line without its end, to stand before an ES module. `free` are the CommonJS variables that
/// it uses; `defaults`: it has default imports that may be those of CommonJS.
pub(super) fn for_es_module(
    path: &Path,
    free: &[&str],
    defaults: bool,
    helpers: &[&str],
) -> Option<String> {
    let mut line = helper_object(helpers)?;
    if defaults {
        let _ = write!(line, "const {DEFAULT_OF}=m=>m&&m.__esModule&&'default'in m?m.default:m;");
    }
    let uses = |name: &str| free.contains(&name);
    let (file, directory) = (quoted(path), quoted(path.parent().unwrap_or(path)));
    if uses("require") || uses("module") {
        let create = "createRequire as $quickcuke_createRequire";
        let _ = write!(
            line,
            "import{{{create}}}from'node:module';const require=$quickcuke_createRequire({file});"
        );
    }
    if uses("module") || uses("exports") {
        let _ = write!(
            line,
            "const module={{id:{file},filename:{file},exports:{{}},loaded:false,children:[],paths:[]}};"
        );
    }
    if uses("exports") {
        line.push_str("const exports=module.exports;");
    }
    if uses("__filename") {
        let _ = write!(line, "const __filename={file};");
    }
    if uses("__dirname") {
        let _ = write!(line, "const __dirname={directory};");
    }
    Some(line)
}

/// One line without its end, to stand before a CommonJS module. `imports`: it had `import`s that
/// became `require`s.
pub(super) fn for_commonjs(strict: bool, imports: bool, helpers: &[&str]) -> Option<String> {
    let helpers = helper_object(helpers)?;
    let mut line = String::new();
    if (strict && !helpers.is_empty()) || imports {
        line.push_str("\"use strict\";"); // a directive must come first
    }
    if imports {
        let _ = write!(
            line,
            "const {DEFAULT_OF}=m=>m&&(m.__esModule||m[Symbol.toStringTag]==='Module')&&'default'in m?m.default:m;"
        );
    }
    Some(line + &helpers)
}

/// None if one of them is not known.
fn helper_object(names: &[&str]) -> Option<String> {
    if names.is_empty() {
        return Some(String::new());
    }
    let bodies: Option<Vec<String>> = names
        .iter()
        .map(|name| {
            let (name, body) = HELPERS.iter().find(|(known, _)| known == name)?;
            Some(format!("{name}:{body}"))
        })
        .collect();
    Some(format!("const babelHelpers={{{}}};", bodies?.join(",")))
}

fn quoted(path: &Path) -> String {
    serde_json::Value::from(path.to_string_lossy()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_used_is_put_there() {
        let line =
            |free: &[&str]| for_es_module(Path::new("/p/a \"b\".ts"), free, false, &[]).unwrap();
        assert_eq!(line(&[]), "");
        assert_eq!(line(&["__dirname"]), "const __dirname=\"/p\";");
        assert_eq!(line(&["__filename"]), "const __filename=\"/p/a \\\"b\\\".ts\";");
        assert!(line(&["require"]).contains("const require="));
        assert!(line(&["module"]).contains("const require="), "for require.main");
        assert!(!COMMONJS_VARIABLES.iter().any(|name| line(&[name]).contains('\n')));
    }

    #[test]
    fn an_unknown_helper_is_not_passed_over() {
        assert_eq!(for_es_module(Path::new("/p/a.ts"), &[], false, &["usingCtx"]), None);
    }
}
