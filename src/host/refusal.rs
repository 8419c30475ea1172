//! What a refusal says would grant what was asked for. The only place where that is worded.

use std::path::Path;

use super::mount::{Mount, Permissions};
use crate::session::Declaration;

/// Who says what a session may do, and is told how to let it do more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granter {
    /// quickcuke.toml and the command line.
    #[default]
    Configuration,
    /// The `RunContext` of a script.
    Context,
    /// The builder of a template, and the options of an instance.
    Template,
}

/// What a session may not do.
pub(super) enum Refused<'a> {
    /// To do something for which these permissions are missing with a path of the guest, which this mount has.
    Path { guest: &'a Path, missing: Permissions, mount: Option<&'a Mount>, is_hosts: bool },
    /// To import the module at this path of the host.
    Import(&'a str),
    /// To reach a host at a port, written `host:port`.
    Host(&'a str),
    /// To read a file of more than these bytes, at once.
    LargeFile { path: &'a str, most: u64 },
    /// To run a declared command.
    Command(&'a str),
    /// To run programs by `child_process`.
    Programs,
    /// To run a command of this name, which none is.
    UndeclaredCommand(&'a str),
    /// To run a program that would be declared so.
    UndeclaredProgram { declaration: &'a Declaration },
    /// To run a declared command in another way than it is declared.
    OtherProgram,
    /// To use this before anything is called.
    NoSession(&'a str),
}

impl Granter {
    /// The refusal and its mend, to stand behind an error's usual text or alone.
    pub(super) fn told(self, refused: &Refused<'_>) -> String {
        match refused {
            Refused::Path { guest, missing, mount, is_hosts } => {
                let verb = verb(*missing);
                let mend = match mount {
                    Some(mount) => self.widened(mount, *missing),
                    None => self.granted(guest, *missing, *is_hosts),
                };
                format!("the sandbox does not let it be {verb}: {mend}")
            }
            Refused::Import(path) => {
                let mend = match self {
                    Self::Configuration => configured("read", path),
                    Self::Context => format!("add {path:?} to `read` of the RunContext"),
                    Self::Template => format!("grant it by TemplateBuilder::read({path:?})"),
                };
                format!(
                    "the sandbox lets modules of the project and packages that it sees be imported, not this: {mend}; \
                     what is mounted is read with node:fs"
                )
            }
            Refused::Host(host) => {
                let mend = match self {
                    Self::Configuration => configured("net", host),
                    Self::Context => format!("add {host:?} to `net` of the RunContext"),
                    Self::Template => format!("add {host:?} to what TemplateBuilder::net is given"),
                };
                format!("the sandbox does not let it be reached: {mend}")
            }
            Refused::LargeFile { path, most } => {
                let (whose, mend) = match self {
                    Self::Configuration => {
                        ("a scenario", "raise `[sandbox] memory` in quickcuke.toml or --memory")
                    }
                    Self::Context => ("a script", "raise `memory` of the RunOptions"),
                    Self::Template => (
                        "an instance",
                        "raise it by TemplateBuilder::memory or `memory` of the InstanceOptions",
                    ),
                };
                format!(
                    "The file '{path}' is larger than the {most} bytes {whose} has: {mend}, or read it piece by piece \
                     with fs.createReadStream"
                )
            }
            Refused::Command(command) => format!(
                "command \"{command}\" is not granted to this script: add it to `commands` of its RunContext"
            ),
            Refused::Programs => "child_process is not granted to this script: it has the commands of its RunContext, \
                                  by `commands.run`; for more, let `commands` of the RunContext be None"
                .to_owned(),
            Refused::UndeclaredCommand(name) => match self {
                Self::Configuration => {
                    format!("add it to quickcuke.toml: [commands] {name} = {{ run = \"…\" }}")
                }
                Self::Context | Self::Template => format!("add it to {}", self.declared_in()),
            },
            Refused::UndeclaredProgram { declaration } => {
                let home = self.declared_in();
                let trust = match self {
                    Self::Configuration => {
                        "\n\nor let steps run whatever they want, with `[sandbox] trust = true` or --trust"
                    }
                    Self::Context => "\n\nor let scripts run whatever they want, with `trust` there",
                    Self::Template => "",
                };
                format!("add to {home}\n\n{declaration}{trust}")
            }
            Refused::OtherProgram => match self {
                Self::Configuration => "or use --trust",
                Self::Context => "or set `trust` of the engine's SessionOptions",
                Self::Template => "or let a host function run it",
            }
            .to_owned(),
            Refused::NoSession(what) => match self {
                Self::Configuration => {
                    format!("{what} can be used in steps and hooks only, not while step files are loaded")
                }
                Self::Context => format!("{what} can be used while a script runs, not after it"),
                Self::Template => {
                    format!("{what} can be used in calls of an instance only, not while the template is evaluated")
                }
            },
        }
    }

    /// Where commands are declared.
    fn declared_in(self) -> &'static str {
        match self {
            Self::Configuration => "quickcuke.toml",
            Self::Context => "the Commands in the engine's SessionOptions",
            Self::Template => "what TemplateBuilder::commands is given",
        }
    }

    /// How a mount comes to have the permissions that it lacks.
    fn widened(self, mount: &Mount, missing: Permissions) -> String {
        let missing = if missing == Permissions::NONE { Permissions::LIST } else { missing };
        let whose = match self {
            Self::Configuration => "its mount".to_owned(),
            Self::Context => "`mounts` of the RunContext".to_owned(),
            Self::Template => {
                "TemplateBuilder::mount or `mounts` of the InstanceOptions".to_owned()
            }
        };
        let wanted = mount.permissions | missing;
        format!("give the mount at {:?} more, by {whose}: Mount::with({wanted:?})", mount.guest)
    }

    /// How a path that no mount covers comes to be granted.
    fn granted(self, guest: &Path, missing: Permissions, is_hosts: bool) -> String {
        let setting = setting(missing);
        let mount = || match setting {
            "read" => format!("Mount::new(directory, {guest:?})"),
            _ => format!("Mount::new(directory, {guest:?}).with(Permissions::READ_WRITE)"),
        };
        match (self, is_hosts) {
            (Self::Configuration, _) => configured(setting, &guest.to_string_lossy()),
            (Self::Context, true) => format!("add {guest:?} to `{setting}` of the RunContext"),
            (Self::Context, false) => {
                format!("nothing is mounted there: add to `mounts` of the RunContext {}", mount())
            }
            (Self::Template, true) => format!("grant it by TemplateBuilder::{setting}({guest:?})"),
            (Self::Template, false) => format!(
                "nothing is mounted there: pass TemplateBuilder::mount, or `mounts` of the InstanceOptions, {}",
                mount()
            ),
        }
    }
}

fn configured(setting: &str, value: &str) -> String {
    format!(
        "add {value:?} to `[sandbox] {setting} = […]` in quickcuke.toml, or pass --allow-{setting}={value}"
    )
}

/// Which grant of a path has these permissions.
fn setting(permissions: Permissions) -> &'static str {
    match Permissions::READ_ONLY.contains(permissions) {
        true => "read",
        false => "write",
    }
}

fn verb(missing: Permissions) -> &'static str {
    match setting(missing) {
        "read" => "read",
        _ => "written",
    }
}
