//! Which hosts may be reached.

use super::refusal::Refused;
use super::refusals::{Asked, Note};
use super::{Host, Site, errno};
use crate::isolate::{CallSite, OpError};

/// The hosts that a session may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Net {
    Any,
    /// Hosts as the URL standard writes them (lower case, IPv6 in brackets), each at one port or at all of them.
    Only(Vec<(String, Option<u16>)>),
}

impl Default for Net {
    fn default() -> Self {
        Net::Only(Vec::new())
    }
}

impl Host {
    /// Whether the session may reach `host` at `port`. What a name resolves to is no matter: names are granted as names
    /// and addresses as addresses.
    ///
    /// # Errors
    /// EACCES that names the setting which would grant it.
    pub(super) fn permit_host(&self, host: &str, port: u16, site: &Site) -> Result<(), OpError> {
        let access = self.access.borrow();
        let granted = match &access.net {
            Net::Any => true,
            Net::Only(hosts) => hosts
                .iter()
                .any(|(name, only)| name == host && only.is_none_or(|only| only == port)),
        };
        if granted {
            return Ok(());
        }
        let note = Note::new(Asked::Net { host: host.to_owned(), port });
        if !self.is_repeating.get() && !access.refusals.count(&note.asked) {
            let running = || self.running.get().and_then(|running| running());
            access.refusals.add(note, site.get().unwrap_or(&CallSite::default()), running);
        }
        if access.refusals.permits() {
            return Ok(());
        }
        let asked = format!("{host}:{port}");
        Err(errno::refused("connect", &asked, &access.granter.told(&Refused::Host(&asked))))
    }
}
