//! Signals by their names.

const NAMES: [(&str, i32); 29] = [
    ("SIGTERM", libc::SIGTERM),
    ("SIGINT", libc::SIGINT),
    ("SIGHUP", libc::SIGHUP),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGKILL", libc::SIGKILL),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGABRT", libc::SIGABRT),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGALRM", libc::SIGALRM),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGBUS", libc::SIGBUS),
    ("SIGFPE", libc::SIGFPE),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGIO", libc::SIGIO),
    ("SIGSYS", libc::SIGSYS),
];

/// Whether this process was started with that signal ignored: INT in the background of a shell, HUP after `nohup`.
pub fn is_ignored(number: i32) -> bool {
    super::sys::ignores(number)
}

/// The number of a signal: `SIGTERM`, `TERM`, `sigterm`.
pub fn number(name: &str) -> Option<i32> {
    let upper = name.to_ascii_uppercase();
    let short = upper.strip_prefix("SIG").unwrap_or(&upper);
    NAMES
        .iter()
        .find(|(known, _)| known.strip_prefix("SIG") == Some(short))
        .map(|(_, number)| *number)
}

/// `SIGTERM` of 15; `signal 63` for one without a usual name.
pub fn text(number: i32) -> String {
    let name = NAMES.iter().find(|(_, known)| *known == number).map(|(name, _)| (*name).to_owned());
    name.unwrap_or_else(|| format!("signal {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_signals_with_and_without_the_prefix() {
        assert_eq!(number("SIGTERM"), Some(15));
        assert_eq!(number("int"), Some(2));
        assert_eq!(number("SIGNOPE"), None);
        assert_eq!(text(9), "SIGKILL");
        assert_eq!(text(63), "signal 63");
    }
}
