//! Whether a target shows colours, decided as Node decides it for `util.styleText`, but without
//! its list of terminals: one that says what it is shows colours unless it says that it is dumb.

use super::Options;

/// Reads an environment variable; none where it is not set.
pub(super) type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// `FORCE_COLOR` speaks for every target, files included; where it is not set the format options
/// do; and where they are silent, colours go to terminals that show them.
pub(super) fn shows(is_terminal: bool, options: &Options, variable: Variable<'_>) -> bool {
    if let Some(forced) = variable("FORCE_COLOR") {
        return matches!(forced.as_str(), "" | "1" | "2" | "3" | "true");
    }
    match options.colors_enabled {
        Some(enabled) => enabled,
        None => is_terminal && terminal_shows(variable),
    }
}

fn terminal_shows(variable: Variable<'_>) -> bool {
    let is_set = |name| variable(name).is_some();
    let value = |name| variable(name).unwrap_or_default();
    let term = value("TERM");
    if is_set("NODE_DISABLE_COLORS") || is_set("NO_COLOR") || term == "dumb" {
        return false;
    }
    if cfg!(windows) || !value("TMUX").is_empty() || is_set("TF_BUILD") && is_set("AGENT_NAME") {
        return true;
    }
    if is_set("CI") {
        const SERVICES: [&str; 8] = [
            "APPVEYOR",
            "BUILDKITE",
            "CIRCLECI",
            "DRONE",
            "GITEA_ACTIONS",
            "GITHUB_ACTIONS",
            "GITLAB_CI",
            "TRAVIS",
        ];
        return SERVICES.into_iter().any(is_set) || value("CI_NAME") == "codeship";
    }
    !term.is_empty() || is_set("TERM_PROGRAM") || is_set("COLORTERM") || is_set("TEAMCITY_VERSION")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(is_terminal: bool, enabled: Option<bool>, set: &[(&str, &str)]) -> bool {
        let options = Options { colors_enabled: enabled, ..Options::default() };
        let find = |name: &str| set.iter().find(|(key, _)| *key == name);
        shows(is_terminal, &options, &|name| find(name).map(|(_, value)| value.to_string()))
    }

    #[test]
    fn force_color_speaks_for_files_too_and_above_all() {
        assert!(decided(false, Some(false), &[("FORCE_COLOR", ""), ("NO_COLOR", "1")]));
        assert!(!decided(true, Some(true), &[("FORCE_COLOR", "0"), ("TERM", "xterm")]));
        assert!(!decided(true, None, &[("FORCE_COLOR", "false"), ("TERM", "xterm")]));
    }

    #[test]
    fn then_the_options_and_then_the_terminal() {
        assert!(decided(false, Some(true), &[("NO_COLOR", "1")]));
        assert!(!decided(true, Some(false), &[("TERM", "xterm")]));
        assert!(decided(true, None, &[("TERM", "xterm")]));
        assert!(!decided(false, None, &[("TERM", "xterm")]));
        assert!(!decided(true, None, &[("TERM", "xterm"), ("NO_COLOR", "")]));
        assert!(!decided(true, None, &[("TERM", "dumb")]));
        assert!(!decided(true, None, &[("TERM", "xterm"), ("CI", "true")]));
        assert!(decided(true, None, &[("CI", "true"), ("GITHUB_ACTIONS", "true")]));
    }
}
