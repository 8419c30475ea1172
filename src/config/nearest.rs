//! The known name nearest to one that is not known.

/// The candidate that `name` was most likely meant to be, if one is near enough to be worth naming.
///
/// Case, `-` and `_` do not count, so `dry_run` finds `dryRun`.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = plain(name);
    candidates
        .into_iter()
        .map(|candidate| {
            let known = plain(candidate);
            (strsim::damerau_levenshtein(&wanted, &known), wanted.len().max(known.len()), candidate)
        })
        .filter(|(distance, length, _)| {
            *distance <= 3 && (*distance == 0 || length - distance > length * 2 / 5)
        })
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, candidate)| candidate)
}

/// The end of an error message: names the nearest known name, or says nothing.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

/// As [`did_you_mean`], but where none is near it names them all.
pub(crate) fn known_names<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        None => format!("; known are {}", known.collect::<Vec<_>>().join(", ")),
        found => did_you_mean(found),
    }
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["--format", "--format-options", "--tags", "--parallel"];
        assert_eq!(nearest("--formt", known), Some("--format"));
        assert_eq!(nearest("--paralell", known), Some("--parallel"));
        assert_eq!(nearest("dry_run", ["dryRun", "tags"]), Some("dryRun"));
    }

    #[test]
    fn stays_silent_when_nothing_is_near() {
        assert_eq!(nearest("--zebra", ["--format", "--tags"]), None);
        assert_eq!(did_you_mean(None), "");
    }
}
