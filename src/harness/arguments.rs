//! The arguments of libtest that a feature suite can heed.

/// How a test binary was called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Only list the tests.
    pub list: bool,
    /// Number of workers, where one is asked for.
    pub threads: Option<usize>,
    /// Keep back what passing scenarios print.
    pub capture: bool,
    exact: bool,
    /// Run ignored tests alone, of which there are none.
    ignored: bool,
    filters: Vec<String>,
    skip: Vec<String>,
}

/// A mistake in the arguments.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ArgumentError {
    #[error("option `{0}` needs a value")]
    MissingValue(String),
    #[error("option `{option}` takes a whole number, but was given `{value}`")]
    NotANumber { option: &'static str, value: String },
    #[error(
        "unknown option `{0}`; a feature suite takes test names, --exact, --skip, --list, --test-threads, --nocapture and --ignored"
    )]
    Unknown(String),
}

impl Arguments {
    pub(super) fn parse(
        mut arguments: impl Iterator<Item = String>,
    ) -> Result<Self, ArgumentError> {
        let mut parsed = Self {
            list: false,
            threads: None,
            capture: true,
            exact: false,
            ignored: false,
            filters: Vec::new(),
            skip: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with("--") => {
                    (option, Some(value.to_owned()))
                }
                _ => (argument.as_str(), None),
            };
            let mut value = || {
                value
                    .clone()
                    .or_else(|| arguments.next())
                    .ok_or(ArgumentError::MissingValue(option.to_owned()))
            };
            match option {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--ignored" => parsed.ignored = true,
                "--nocapture" | "--no-capture" | "--show-output" => parsed.capture = false,
                "--skip" => parsed.skip.push(value()?),
                "--test-threads" => {
                    let value = value()?;
                    let threads = value.parse().map_err(|_| ArgumentError::NotANumber {
                        option: "--test-threads",
                        value,
                    })?;
                    parsed.threads = Some(threads);
                }
                // Of a report there is one form, and a scenario is neither ignored nor a benchmark.
                "--format" | "--color" | "--logfile" | "-Z" => drop(value()?),
                "-q" | "--quiet" | "--include-ignored" | "--test" | "--bench" => {}
                _ if option.starts_with('-') => return Err(ArgumentError::Unknown(argument)),
                _ => parsed.filters.push(argument),
            }
        }
        Ok(parsed)
    }

    /// Whether the test of that name is to run.
    pub(super) fn selects(&self, name: &str) -> bool {
        let matches = |filter: &String| {
            if self.exact { name == filter } else { name.contains(filter.as_str()) }
        };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skip.iter().any(matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, ArgumentError> {
        Arguments::parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn filters_select_by_part_or_exactly() {
        let part = parse(&["login", "--skip", "slow"]).unwrap();
        assert!(part.selects("features/login.feature:3: quick"));
        assert!(!part.selects("features/login.feature:9: slow"));
        assert!(!part.selects("features/cart.feature:3: quick"));
        let exact = parse(&["a: b", "--exact", "--nocapture"]).unwrap();
        assert!(exact.selects("a: b") && !exact.selects("a: bc"));
    }

    #[test]
    fn nextest_lists_and_asks_for_the_ignored_ones_apart() {
        let arguments = parse(&["--list", "--format", "terse", "--ignored"]).unwrap();
        assert!(arguments.list && !arguments.selects("any"));
    }

    #[test]
    fn a_mistake_names_the_option() {
        assert_eq!(parse(&["--skip"]), Err(ArgumentError::MissingValue("--skip".into())));
        assert_eq!(parse(&["--nope"]), Err(ArgumentError::Unknown("--nope".into())));
        assert_eq!(
            parse(&["--test-threads=x"]).unwrap_err().to_string(),
            "option `--test-threads` takes a whole number, but was given `x`"
        );
    }
}
