//! The environment variables that configuration listens to.

/// Whether output is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// Where it goes to a terminal that can show colours.
    #[default]
    Auto,
    Always,
    Never,
}

/// Decides on colours: the option (or key `color`), then `FORCE_COLOR`, then the format option `colorsEnabled`, then
/// `NO_COLOR`. The variables are read as Node reads them.
pub(crate) fn color(
    option: Option<bool>,
    colors_enabled: Option<bool>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Color {
    let of = |enabled: bool| if enabled { Color::Always } else { Color::Never };
    if let Some(enabled) = option {
        return of(enabled);
    }
    if let Some(force) = env("FORCE_COLOR") {
        return of(matches!(force.as_str(), "" | "1" | "2" | "3" | "true"));
    }
    if let Some(enabled) = colors_enabled {
        return of(enabled);
    }
    match env("NO_COLOR") {
        Some(text) if !text.is_empty() => Color::Never,
        _ => Color::Auto,
    }
}

/// The variable that asks for publishing, if one does.
pub(crate) fn publish_variable(env: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let enabled = env("CUCUMBER_PUBLISH_ENABLED")
        .is_some_and(|text| !["false", "no", "0"].contains(&text.to_ascii_lowercase().as_str()));
    if enabled {
        Some("CUCUMBER_PUBLISH_ENABLED")
    } else {
        env("CUCUMBER_PUBLISH_TOKEN").map(|_| "CUCUMBER_PUBLISH_TOKEN")
    }
}

/// Whether `DEBUG` names `cucumber`, as the npm package `debug` reads it: names between commas and spaces, `*` for
/// anything, and `-` before those that are not meant.
pub(crate) fn debugs(env: &dyn Fn(&str) -> Option<String>) -> bool {
    let names = env("DEBUG").unwrap_or_default();
    let names = || names.split([',', ' ', '\t', '\n']).filter(|name| !name.is_empty());
    let means = |name: &str| fits(name.as_bytes(), b"cucumber");
    names().any(means) && !names().filter_map(|name| name.strip_prefix('-')).any(means)
}

/// Whether the pattern, in which `*` matches any text, matches the whole name.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|skipped| fits(rest, &name[skipped..])),
        ([one, pattern @ ..], [other, name @ ..]) => one == other && fits(pattern, name),
        (pattern, name) => pattern.is_empty() && name.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_are_those_of_the_package() {
        for (names, expected) in [
            ("cucumber", true),
            ("express:*, cucumber", true),
            ("*", true),
            ("cuc*er other", true),
            ("*,-cucumber", false),
            ("cucumber,-cuc*", false),
            ("cucumber:*", false),
            ("", false),
        ] {
            assert_eq!(debugs(&|_| Some(names.to_owned())), expected, "{names}");
        }
        assert!(!debugs(&|_| None));
    }

    #[test]
    fn the_nearer_voice_decides_on_colours() {
        let env = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        assert_eq!(color(None, None, &env), Color::Never);
        assert_eq!(color(None, Some(true), &env), Color::Always);
        assert_eq!(color(Some(false), Some(true), &env), Color::Never);
        let forced = |name: &str| (name == "FORCE_COLOR").then(|| "0".to_owned());
        assert_eq!(color(None, Some(true), &forced), Color::Never);
        assert_eq!(color(None, None, &|_| None), Color::Auto);
    }

    #[test]
    fn publishing_can_be_asked_for_by_variables() {
        let set = |name: &'static str, value: &'static str| {
            move |asked: &str| (asked == name).then(|| value.to_owned())
        };
        assert_eq!(
            publish_variable(&set("CUCUMBER_PUBLISH_ENABLED", "true")),
            Some("CUCUMBER_PUBLISH_ENABLED")
        );
        assert_eq!(publish_variable(&set("CUCUMBER_PUBLISH_ENABLED", "No")), None);
        assert_eq!(
            publish_variable(&set("CUCUMBER_PUBLISH_TOKEN", "")),
            Some("CUCUMBER_PUBLISH_TOKEN")
        );
        assert_eq!(publish_variable(&|_| None), None);
    }
}
