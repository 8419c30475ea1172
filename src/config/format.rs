//! `--format NAME[:FILE]`.

use std::path::PathBuf;

use serde_json::Value;

/// A formatter and where its output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// A built-in formatter's name, or the path or package of a custom one.
    pub name: String,
    /// The file it writes to, relative to the working directory; `None` is standard output.
    pub target: Option<PathBuf>,
}

/// Splits a descriptor into name and target (empty for standard output). Each part stands bare, and then without
/// colons, or in double quotes: `"C:\out.js":"C:\out.txt"`.
pub(crate) fn split_descriptor(text: &str) -> Option<(&str, &str)> {
    quoted(text).into_iter().chain([bare(text)]).find_map(|(name, rest)| {
        if rest.is_empty() {
            return Some((name, ""));
        }
        let target = rest.strip_prefix(':')?;
        let whole = |(target, rest): (_, &str)| rest.is_empty().then_some(target);
        quoted(target).and_then(whole).or_else(|| whole(bare(target))).map(|target| (name, target))
    })
}

/// A part in quotes, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

/// A part up to the next colon, and what follows.
fn bare(text: &str) -> (&str, &str) {
    text.split_at(text.find(':').unwrap_or(text.len()))
}

/// The formatters of a merged configuration: the one on standard output first (the last that was given without a
/// file, else `progress`), then one for each file (the last that was given for it). The second value names those on
/// standard output that had to give way.
pub(crate) fn formats(values: &[Value]) -> (Vec<Format>, Vec<String>) {
    let mut stdout: Vec<String> = Vec::new();
    let mut files: Vec<Format> = Vec::new();
    for (name, target) in values.iter().filter_map(descriptor) {
        if target.is_empty() {
            stdout.push(name.to_owned());
            continue;
        }
        let target = PathBuf::from(target);
        match files.iter_mut().find(|format| format.target.as_ref() == Some(&target)) {
            Some(format) => format.name = name.to_owned(),
            None => files.push(Format { name: name.to_owned(), target: Some(target) }),
        }
    }
    let name = stdout.pop().unwrap_or_else(|| "progress".to_owned());
    stdout.retain(|earlier| *earlier != name);
    files.insert(0, Format { name, target: None });
    (files, stdout)
}

/// A descriptor in either shape: `"name:file"` or `["name", "file"]`.
fn descriptor(value: &Value) -> Option<(&str, &str)> {
    match value {
        Value::String(text) => split_descriptor(text),
        Value::Array(parts) => {
            let target = parts.get(1).and_then(Value::as_str).unwrap_or_default();
            Some((parts.first()?.as_str()?, target))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn splits_name_and_target() {
        let cases: [(&str, Option<(&str, &str)>); 15] = [
            ("pretty", Some(("pretty", ""))),
            ("pretty:", Some(("pretty", ""))),
            ("html:out.html", Some(("html", "out.html"))),
            (r#""pretty":"out.txt""#, Some(("pretty", "out.txt"))),
            (r#""C:\f.js":"C:\o.txt""#, Some((r"C:\f.js", r"C:\o.txt"))),
            (r#""file:///C:/f.js""#, Some(("file:///C:/f.js", ""))),
            (r#"html:"C:\o.html""#, Some(("html", r"C:\o.html"))),
            (r#""html":out.html"#, Some(("html", "out.html"))),
            ("", Some(("", ""))),
            (r#"a"b:c"#, Some((r#"a"b"#, "c"))),
            (r#""a"b"#, Some((r#""a"b"#, ""))),
            (r#"":"::/a""#, Some(("\"", "::/a"))),
            ("a:b:c", None),
            (r"C:\f.js:C:\o.txt", None),
            (r#""a:b"#, Some((r#""a"#, "b"))),
        ];
        for (text, expected) in cases {
            assert_eq!(split_descriptor(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_one_on_standard_output_wins() {
        let (formats, dropped) = formats(&[
            json!("summary"),
            json!("html:o"),
            json!(["json", "o"]),
            json!("pretty"),
            json!("message:m"),
        ]);
        let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
        assert_eq!(names, ["pretty", "json", "message"]);
        assert_eq!(dropped, ["summary"]);
        assert_eq!(formats[0].target, None);
    }

    #[test]
    fn progress_is_the_default() {
        assert_eq!(formats(&[]).0, [Format { name: "progress".to_owned(), target: None }]);
    }
}
