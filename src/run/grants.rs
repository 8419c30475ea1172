//! What the sandbox refused, for the end of a run, and the lines of quickcuke.toml that would grant it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::config::{Allow, Config, Isolation, Sandbox};
use crate::discover::relative;
use crate::host::{Asked, Refusal, Refusals, is_broad};
use crate::isolate::Position;
use crate::session::{Declaration, inline_toml};

/// The most refusals that a list shows, and that the line about a run that passed shows.
const MOST_SHOWN: usize = 25;
const MOST_IN_LINE: usize = 3;
/// More directories beside each other than this are granted by the one above, and more ports by their host.
const MOST_SIBLINGS: usize = 4;
/// Ports from here on are given out by the system, and are others in the next run.
const EPHEMERAL: u16 = 32_768;

/// What is told of the refusals of a run; nothing if there are none to tell of.
pub(super) fn notice(config: &Config, refusals: &Refusals, passed: bool) -> Option<String> {
    let (list, left_out) = refusals.list();
    let project = Project::of(&config.cwd);
    if refusals.permits() {
        return Some(project.needed(config, &list, left_out, passed));
    }
    if list.iter().all(|refusal| passed && refusal.is_incidental) {
        return None;
    }
    Some(match passed {
        true => project.in_short(&list, left_out),
        false => project.in_full(config, &list, left_out),
    })
}

/// The project directory, as it was named and free of links.
struct Project<'a> {
    named: &'a Path,
    real: PathBuf,
}

impl<'a> Project<'a> {
    fn of(directory: &'a Path) -> Self {
        let real = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
        Self { named: directory, real }
    }

    /// Every refusal with its place, and the lines that grant them.
    fn in_full(&self, config: &Config, list: &[Refusal], left_out: u64) -> String {
        let mut text = "the sandbox refused this:".to_owned();
        let told: Vec<_> = list.iter().map(|refusal| self.told(&refusal.asked)).collect();
        let width = told.iter().take(MOST_SHOWN).map(|told| told.chars().count().min(60)).max();
        for (told, refusal) in told.iter().zip(list).take(MOST_SHOWN) {
            let place = self.place(refusal.position.as_ref());
            let often = match (refusal.count, place.is_empty()) {
                (1, false) => format!("at {place}"),
                (1, true) => String::new(),
                (count, true) => format!("{count} times"),
                (count, false) => format!("{count} times, first at {place}"),
            };
            let width = width.unwrap_or(0);
            let _ = write!(text, "\n  {}", format!("{told:width$}  {often}").trim_end());
            if let Asked::Command { problem: Some(problem), .. } = &refusal.asked {
                let _ = write!(text, "\n    {problem}");
            }
        }
        let more = (list.len().saturating_sub(MOST_SHOWN)) as u64 + left_out;
        if more > 0 {
            let _ = write!(text, "\n  and {more} more");
        }
        let commands = self.commands(&Map::new(), config, list);
        let tables = joined(self.sandbox(&config.sandbox, list, false), commands);
        if !tables.is_empty() {
            let _ = write!(text, "\nquickcuke.toml grants it with:\n\n{tables}");
        }
        text
    }

    /// A line for a run that passed: what its author may want to know, since a library may have kept it to itself.
    fn in_short(&self, list: &[Refusal], left_out: u64) -> String {
        let list: Vec<_> = list.iter().filter(|refusal| !refusal.is_incidental).collect();
        let mut told: Vec<String> = list
            .iter()
            .take(MOST_IN_LINE)
            .map(|refusal| {
                let place = self.place(refusal.position.as_ref());
                let place = if place.is_empty() { place } else { format!(" ({place})") };
                format!("{}{place}", self.told(&refusal.asked))
            })
            .collect();
        let more = (list.len() - told.len()) as u64 + left_out;
        if more > 0 {
            told.push(format!("{more} more"));
        }
        format!(
            "the sandbox refused something, although the run passed: {}; `[sandbox]` in quickcuke.toml grants it",
            told.join(", ")
        )
    }

    /// The tables with which the run would pass in the sandbox.
    fn needed(&self, config: &Config, list: &[Refusal], left_out: u64, passed: bool) -> String {
        let commands = self.commands(&config.commands.values, config, list);
        let tables = joined(self.sandbox(&config.sandbox, list, true), commands);
        let mut text = match (tables.is_empty(), passed) {
            (true, _) => "this run asked for nothing that needs a grant".to_owned(),
            (false, true) => {
                format!("this run passes in the sandbox with, in quickcuke.toml:\n\n{tables}")
            }
            (false, false) => {
                format!(
                    "this run failed, so it may need more than this, in quickcuke.toml:\n\n{tables}"
                )
            }
        };
        for refusal in list {
            if let Asked::Command { problem: Some(problem), .. } = &refusal.asked {
                let place = self.place(refusal.position.as_ref());
                let _ = write!(
                    text,
                    "\n# not granted by any line: {} at {place}: {problem}",
                    self.told(&refusal.asked)
                );
            }
        }
        if left_out > 0 {
            let _ = write!(text, "\n# {left_out} more requests are not in these lines");
        }
        text
    }

    /// `[sandbox]` with what is granted already and what is asked for: the keys that this changes, or all.
    fn sandbox(&self, sandbox: &Sandbox, list: &[Refusal], whole: bool) -> Vec<String> {
        let mut env = BTreeSet::new();
        let (mut read, mut write) = (BTreeSet::new(), BTreeSet::new());
        let mut ports: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
        for refusal in list {
            match &refusal.asked {
                Asked::Env(name) => drop(env.insert(name.clone())),
                Asked::Read { root, .. } => drop(read.insert(root.clone())),
                Asked::Write { root, .. } => drop(write.insert(root.clone())),
                Asked::Net { host, port } => drop(ports.entry(host).or_default().insert(*port)),
                Asked::Command { .. } => {}
            }
        }
        let write = self.merged(write, &BTreeSet::new());
        let read = self.merged(read, &write);
        let net = ports.into_iter().flat_map(|(host, ports)| hosts(host, &ports)).collect();
        let paths = |paths: BTreeSet<PathBuf>| paths.iter().map(|path| self.shown(path)).collect();
        let texts = |list: &[PathBuf]| list.iter().map(|path| path.display().to_string()).collect();
        let hosts =
            |hosts: &[crate::config::NetHost]| hosts.iter().map(ToString::to_string).collect();
        let lists: [(&str, Allow<String>, BTreeSet<String>); 4] = [
            ("env", sandbox.env.clone(), env),
            ("read", map(&sandbox.read, texts), paths(read)),
            ("write", map(&sandbox.write, texts), paths(write)),
            ("net", map(&sandbox.net, hosts), net),
        ];
        let mut lines = Vec::new();
        for (key, granted, more) in lists {
            let value = match granted {
                _ if more.is_empty() && !whole => continue,
                Allow::Everything => json!(true),
                Allow::Nothing if more.is_empty() => continue,
                Allow::Nothing => json!(more),
                Allow::Only(mut granted) => {
                    granted.extend(
                        more.into_iter().filter(|name| !granted.contains(name)).collect::<Vec<_>>(),
                    );
                    json!(granted)
                }
            };
            lines.push(format!("{key} = {}", inline_toml(&value)));
        }
        let usual = Sandbox::default();
        if whole && sandbox.memory != usual.memory {
            lines.push(format!("memory = {}", sandbox.memory));
        }
        if whole && sandbox.timeout != usual.timeout {
            lines.push(format!("timeout = \"{}ms\"", sandbox.timeout.as_millis()));
        }
        if whole && sandbox.isolation != usual.isolation {
            let name = if sandbox.isolation == Isolation::Worker { "worker" } else { "attempt" };
            lines.push(format!("isolation = \"{name}\""));
        }
        if !lines.is_empty() {
            lines.insert(0, "[sandbox]".to_owned());
        }
        lines
    }

    /// `[commands]` with those that are `kept` and those that are asked for.
    fn commands(
        &self,
        kept: &Map<String, Value>,
        config: &Config,
        list: &[Refusal],
    ) -> Vec<String> {
        let mut lines: Vec<String> = kept
            .iter()
            .map(|(name, value)| format!("{} = {}", key(name), inline_toml(value)))
            .collect();
        let (mut declared, mut others) = (Vec::<Declaration>::new(), Vec::new());
        let mut names: BTreeSet<String> = config.commands.values.keys().cloned().collect();
        for refusal in list {
            let Asked::Command { declaration: Some(declaration), .. } = &refusal.asked else {
                continue;
            };
            // The first declaration that a call matches decides, so each stands once.
            match declared.iter_mut().find(|known| known.run == declaration.run) {
                Some(known) if known.cwd == declaration.cwd => {
                    known.env.extend(declaration.env.iter().cloned());
                }
                Some(_) => others.push(format!(
                    "# not granted as well, in another directory: {}",
                    declaration.table()
                )),
                None => declared.push(declaration.clone()),
            }
        }
        for declaration in declared {
            let Declaration { name, .. } = &declaration;
            let numbered = (2..).map(|number| format!("{name}{number}"));
            let mut free = std::iter::once(name.clone()).chain(numbered);
            let name = free.find(|name| !names.contains(name)).unwrap_or_default();
            lines.push(format!("{} = {}", key(&name), declaration.table()));
            names.insert(name);
        }
        lines.extend(others);
        if !lines.is_empty() {
            lines.insert(0, "[commands]".to_owned());
        }
        lines
    }

    /// The roots that cover all of them and that `covered` does not cover, many of one directory as that directory.
    fn merged(
        &self,
        mut roots: BTreeSet<PathBuf>,
        covered: &BTreeSet<PathBuf>,
    ) -> BTreeSet<PathBuf> {
        loop {
            let mut siblings: BTreeMap<&Path, usize> = BTreeMap::new();
            for directory in roots.iter().filter_map(|root| root.parent()) {
                *siblings.entry(directory).or_default() += 1;
            }
            let above = siblings
                .into_iter()
                .find(|(above, count)| *count > MOST_SIBLINGS && !is_broad(above, &self.real));
            let Some(above) = above.map(|(above, _)| above.to_owned()) else { break };
            roots.retain(|root| !root.starts_with(&above));
            roots.insert(above);
        }
        // A path comes right after those that begin with it.
        let mut merged: BTreeSet<PathBuf> = BTreeSet::new();
        for root in roots {
            let is_covered =
                |by: &BTreeSet<PathBuf>| root.ancestors().any(|ancestor| by.contains(ancestor));
            if !is_covered(covered) && !is_covered(&merged) {
                merged.insert(root);
            }
        }
        merged
    }

    /// A path as quickcuke.toml would have it: relative in the project and near to it.
    fn shown(&self, path: &Path) -> String {
        let from_project = relative(&self.real, path);
        if from_project.is_empty() {
            return ".".to_owned();
        }
        let ups = from_project.split('/').take_while(|part| *part == "..").count();
        let shared = self.real.components().count().saturating_sub(ups);
        match ups {
            0 => from_project,
            1 | 2 if shared > 2 => from_project,
            _ => path.display().to_string(),
        }
    }

    fn told(&self, asked: &Asked) -> String {
        match asked {
            Asked::Env(name) => format!("variable {name}"),
            Asked::Read { path, .. } => format!("read {}", self.shown(path)),
            Asked::Write { path, .. } => format!("write {}", self.shown(path)),
            Asked::Net { host, port } => format!("host {host}:{port}"),
            Asked::Command { name, .. } => format!("program {name}"),
        }
    }

    fn place(&self, position: Option<&Position>) -> String {
        let Some(Position { file, line, .. }) = position else { return String::new() };
        let file = Path::new(file);
        let inside = file.strip_prefix(self.named).or_else(|_| file.strip_prefix(&self.real));
        format!("{}:{line}", inside.unwrap_or(file).display())
    }
}

/// Two tables as text, an empty line between them.
fn joined(one: Vec<String>, other: Vec<String>) -> String {
    let tables = [one, other].into_iter().filter(|lines| !lines.is_empty());
    tables.map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n")
}

fn map<T>(allowed: &Allow<T>, texts: impl FnOnce(&[T]) -> Vec<String>) -> Allow<String> {
    match allowed {
        Allow::Nothing => Allow::Nothing,
        Allow::Everything => Allow::Everything,
        Allow::Only(items) => Allow::Only(texts(items)),
    }
}

/// A host with its ports, or alone where these are many or others in the next run.
fn hosts(host: &str, ports: &BTreeSet<u16>) -> Vec<String> {
    let is_own = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    let changes = |port: &u16| *port == 0 || is_own && *port >= EPHEMERAL;
    match ports.len() > MOST_SIBLINGS || ports.iter().any(changes) {
        true => vec![host.to_owned()],
        false => ports.iter().map(|port| format!("{host}:{port}")).collect(),
    }
}

/// A key of a TOML table.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare { name.to_owned() } else { inline_toml(&json!(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project<'static> {
        Project { named: Path::new("/home/me/p"), real: PathBuf::from("/home/me/p") }
    }

    fn refusal(asked: Asked) -> Refusal {
        Refusal { asked, count: 1, position: None, is_incidental: false }
    }

    fn write(path: &str, root: &str) -> Refusal {
        refusal(Asked::Write { path: path.into(), root: root.into() })
    }

    fn read(path: &str) -> Refusal {
        refusal(Asked::Read { path: path.into(), root: path.into() })
    }

    fn net(host: &str, port: u16) -> Refusal {
        refusal(Asked::Net { host: host.to_owned(), port })
    }

    #[test]
    fn paths_are_relative_near_the_project_and_covered_ones_left_out() {
        let list = [
            read("/etc/hosts"),
            read("/home/me/data"),
            read("/home/me/p/reports/in"),
            write("/home/me/p/reports/a.json", "/home/me/p/reports"),
            write("/home/me/p/reports/deep/a.json", "/home/me/p/reports/deep"),
            write("/home/me/p/reports.txt", "/home/me/p/reports.txt"),
        ];
        assert_eq!(
            project().sandbox(&Sandbox::default(), &list, false),
            [
                "[sandbox]",
                r#"read = ["../data", "/etc/hosts"]"#,
                r#"write = ["reports", "reports.txt"]"#
            ]
        );
    }

    #[test]
    fn many_directories_are_one() {
        let list: Vec<_> = (0..9).map(|n| read(&format!("/srv/kits/all/{n}"))).collect();
        assert_eq!(
            project().sandbox(&Sandbox::default(), &list, false)[1],
            r#"read = ["/srv/kits/all"]"#
        );
    }

    #[test]
    fn hosts_have_ports_unless_these_change() {
        let list = [
            net("a.b", 443),
            net("a.b", 80),
            net("localhost", 8080),
            net("127.0.0.1", 40_123),
            net("a.c", 40_123),
        ];
        assert_eq!(
            project().sandbox(&Sandbox::default(), &list, false)[1],
            r#"net = ["127.0.0.1", "a.b:443", "a.b:80", "a.c:40123", "localhost:8080"]"#
        );
    }

    #[test]
    fn what_is_granted_stays_granted() {
        let sandbox = Sandbox {
            env: Allow::Only(vec!["B".to_owned()]),
            read: Allow::Everything,
            ..Sandbox::default()
        };
        let list = [refusal(Asked::Env("A".to_owned()))];
        assert_eq!(project().sandbox(&sandbox, &list, false)[1..], [r#"env = ["B", "A"]"#]);
        assert_eq!(
            project().sandbox(&sandbox, &list, true)[1..],
            [r#"env = ["B", "A"]"#, "read = true"]
        );
    }
}
