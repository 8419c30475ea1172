//! Bytecode: a type of its own, since QuickJS runs whatever it is given as such.

use std::{fmt, sync::Arc};

/// A function or module that this build of quickcuke compiled. Nothing else can be made one: bytecode that was forged or
/// damaged is undefined behaviour in QuickJS, which checks none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytecode(Arc<[u8]>);

impl Bytecode {
    /// `bytes` are what QuickJS wrote, in this process or, as [`Seal`](super::seal::Seal) makes sure, an earlier one.
    pub(super) fn new(bytes: &[u8]) -> Bytecode {
        Bytecode(bytes.into())
    }

    /// For a test that does not run it.
    #[cfg(test)]
    pub(crate) fn never_run(bytes: &[u8]) -> Bytecode {
        Bytecode::new(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytecode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Bytecode({} bytes)", self.0.len())
    }
}
