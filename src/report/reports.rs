//! The reports of one run, and where they are written.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use super::{DEFAULT_FORMATTER, Formatter, Options, ReportError, color, find, formatter};
use crate::messages::Envelope;

/// All reports of a run.
///
/// Writing is buffered: call [`Self::flush`] whenever there is no further envelope waiting, so that
/// progress shows as it happens, and [`Self::finish`] at the end.
pub struct Reports {
    reports: Vec<Report>,
    errors: Vec<ReportError>,
}

struct Report {
    name: String,
    formatter: Box<dyn Formatter>,
    target: Target,
    /// `None` once it could not be written to.
    out: Option<Box<dyn Write + Send>>,
    /// The file as an earlier run left it, until this run begins: it may read what that one wrote.
    stale: Option<File>,
}

enum Target {
    Stdout,
    File(String),
}

impl Reports {
    /// Opens the targets of `formats`, pairs of a formatter's name and the file it writes to, with
    /// directories that are missing. Paths are relative to `directory`. A file that is there keeps what is
    /// in it until the first envelope comes.
    ///
    /// The last one without a file writes to standard output; without any that is `progress`. Of
    /// several for the same file the last one counts.
    ///
    /// # Errors
    /// An unknown formatter, or a file that cannot be opened. No file was touched in the first
    /// case.
    pub fn open(
        formats: &[(String, Option<String>)],
        options: &Options,
        directory: &Path,
    ) -> Result<Self, ReportError> {
        let colors = |is_terminal| color::shows(is_terminal, options, &environment);
        for (name, _) in formats {
            find(name)?;
        }
        let (on_stdout, files) = by_target(formats);
        let stdout = io::stdout();
        let mut reports = vec![Report {
            name: on_stdout.to_string(),
            formatter: formatter(on_stdout, colors(stdout.is_terminal()), options)?,
            target: Target::Stdout,
            out: Some(Box::new(BufWriter::new(stdout))),
            stale: None,
        }];
        for (name, path) in files {
            let failed = |source| ReportError::Open {
                formatter: name.to_string(),
                path: path.into(),
                source,
            };
            let file = open(&directory.join(path)).map_err(failed)?;
            let is_stale = file.metadata().is_ok_and(|found| found.is_file() && found.len() > 0);
            let stale = is_stale.then(|| file.try_clone()).transpose().map_err(failed)?;
            reports.push(Report {
                name: name.to_string(),
                formatter: formatter(name, colors(file.is_terminal()), options)?,
                target: Target::File(path.to_string()),
                out: Some(Box::new(BufWriter::new(file))),
                stale,
            });
        }
        Ok(Self { reports, errors: Vec::new() })
    }

    /// Tells every report of the next envelope. One that cannot be written is given up; the others
    /// go on, and [`Self::finish`] tells of it.
    pub fn handle(&mut self, envelope: &Envelope) {
        for report in &mut self.reports {
            if let Some(Err(source)) = report.stale.take().map(|file| file.set_len(0)) {
                report.out = None;
                self.errors.extend(report.failure(source));
            }
        }
        self.each(|formatter, out| formatter.handle(envelope, out));
    }

    /// Whether one of them shows pickles and test cases before they run.
    pub fn want_plan(&self) -> bool {
        self.reports.iter().any(|report| report.formatter.wants_plan())
    }

    /// Whether one of them draws on the terminal, so that what steps print is better dropped.
    pub fn want_terminal(&self) -> bool {
        self.reports.iter().any(|report| report.formatter.wants_terminal())
    }

    /// Writes out what is buffered.
    pub fn flush(&mut self) {
        self.each(|formatter, out| formatter.flush(out));
    }

    /// Ends the reports: what could not be written, each a reason for the exit code 1. A reader of
    /// standard output that went away is none.
    #[must_use = "a report that could not be written must not be lost silently"]
    pub fn finish(mut self) -> Vec<ReportError> {
        self.flush();
        self.errors
    }

    fn each(&mut self, act: impl Fn(&mut dyn Formatter, &mut dyn Write) -> io::Result<()>) {
        for report in &mut self.reports {
            let Some(out) = &mut report.out else { continue };
            if let Err(source) = act(report.formatter.as_mut(), out.as_mut()) {
                // Dropping the writer tries once more to write what it holds, and keeps quiet.
                report.out = None;
                self.errors.extend(report.failure(source));
            }
        }
    }
}

impl Report {
    fn failure(&self, source: io::Error) -> Option<ReportError> {
        let target = match &self.target {
            Target::Stdout if source.kind() == io::ErrorKind::BrokenPipe => return None,
            Target::Stdout => "standard output".to_string(),
            Target::File(path) => path.clone(),
        };
        Some(ReportError::Write { formatter: self.name.clone(), target, source })
    }
}

/// The formatter for standard output, and those for files as pairs of name and path.
fn by_target(formats: &[(String, Option<String>)]) -> (&str, Vec<(&str, &str)>) {
    let mut on_stdout = DEFAULT_FORMATTER;
    let mut files: Vec<(&str, &str)> = Vec::new();
    for (name, path) in formats {
        let Some(path) = path.as_deref().filter(|path| !path.is_empty()) else {
            on_stdout = name;
            continue;
        };
        match files.iter_mut().find(|(_, known)| *known == path) {
            Some(file) => file.0 = name,
            None => files.push((name, path)),
        }
    }
    (on_stdout, files)
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    File::options().write(true).create(true).truncate(false).open(path)
}

fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(list: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let format = |(name, path): &(&str, &str)| {
            (name.to_string(), (!path.is_empty()).then(|| path.to_string()))
        };
        list.iter().map(format).collect()
    }

    #[test]
    fn the_last_formatter_of_a_target_counts() {
        let list = formats(&[("summary", ""), ("pretty", "a"), ("message", "a"), ("pretty", "")]);
        assert_eq!(by_target(&list), ("pretty", vec![("message", "a")]));
        assert_eq!(by_target(&[]), ("progress", vec![]));
    }

    #[test]
    fn a_formatter_that_is_not_there_is_told_from_a_misspelt_one() {
        let open = |name: &str| {
            let opened =
                Reports::open(&formats(&[(name, "")]), &Options::default(), Path::new("."));
            opened.err().map(|error| error.to_string()).unwrap_or_default()
        };
        insta::assert_snapshot!(open("html"), @r#"the formatter "html" is not there yet; those that are: json, junit, message, pretty, progress, progress-bar, rerun, snippets, summary, usage, usage-json"#);
        insta::assert_snapshot!(open("prety"), @r#"unknown formatter "prety" (did you mean `pretty`?); there are json, junit, message, pretty, progress, progress-bar, rerun, snippets, summary, usage, usage-json"#);
        insta::assert_snapshot!(open("./mine.js"), @r#""./mine.js" looks like a custom formatter, and quickcuke runs none; there are json, junit, message, pretty, progress, progress-bar, rerun, snippets, summary, usage, usage-json, and `--format message:FILE` keeps what other programs make reports of"#);
    }

    #[test]
    fn a_file_that_cannot_be_made_is_named() {
        let list = formats(&[("message", "/dev/null/out.ndjson")]);
        let error = Reports::open(&list, &Options::default(), Path::new(".")).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        let named = "failed to open /dev/null/out.ndjson for the formatter \"message\": ";
        assert!(error.starts_with(named), "{error}");
    }

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    fn errors(target: Target, kind: io::ErrorKind) -> Vec<String> {
        let report = Report {
            name: "message".into(),
            formatter: formatter("message", false, &Options::default()).unwrap(),
            target,
            out: Some(Box::new(Broken(kind))),
            stale: None,
        };
        let mut reports = Reports { reports: vec![report], errors: vec![] };
        reports.flush();
        reports.flush();
        reports.finish().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_reader_of_stdout_that_went_away_is_no_error_and_a_full_disk_is_one() {
        assert_eq!(errors(Target::Stdout, io::ErrorKind::BrokenPipe), [""; 0]);
        assert_eq!(errors(Target::File("a".into()), io::ErrorKind::BrokenPipe).len(), 1);
        assert_eq!(
            errors(Target::Stdout, io::ErrorKind::StorageFull),
            ["failed to write the \"message\" report to standard output: no storage space"]
        );
    }
}
