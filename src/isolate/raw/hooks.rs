//! The functions of the prelude that Rust calls: core.js's hooks, and the entries.

use std::ffi::CStr;

use super::{JsResult, Local, Thrown, Vm, value::Kept};
use crate::isolate::host::Host;

/// A function in `internal.hooks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::isolate) enum Hook {
    /// (number of the call, wait, conclude, promise)
    Watch,
    /// (id of the timer)
    FireTimer,
    /// () -> whether more are left
    RunImmediate,
    /// (promise, reason, whether it is handled)
    Rejection,
    ReportRejections,
    /// (what was thrown) -> its description as JSON
    Describe,
    /// (number of the op, whether it went well, value)
    SettleOp,
    /// (meta, id)
    InitMeta,
    /// (exports) -> { names, values }
    ExportsOf,
    /// (id) -> exports
    RequireBuiltin,
    /// (id) -> exports
    RequireForImport,
}

const NAMES: &[(Hook, &CStr)] = &[
    (Hook::Watch, c"watch"),
    (Hook::FireTimer, c"fireTimer"),
    (Hook::RunImmediate, c"runImmediate"),
    (Hook::Rejection, c"rejection"),
    (Hook::ReportRejections, c"reportRejections"),
    (Hook::Describe, c"describe"),
    (Hook::SettleOp, c"settleOp"),
    (Hook::InitMeta, c"initMeta"),
    (Hook::ExportsOf, c"exportsOf"),
    (Hook::RequireBuiltin, c"requireBuiltin"),
    (Hook::RequireForImport, c"requireForImport"),
];

/// Every hook, in the order of `Hook`.
#[derive(Clone, Copy)]
pub(in crate::isolate) struct Hooks([Kept; NAMES.len()]);

impl Hooks {
    /// Takes the hooks out of `internal.hooks`, once core.js and modules.js have run.
    pub(in crate::isolate) fn of<'vm>(
        vm: &'vm Vm,
        hooks: &Local<'vm>,
    ) -> Result<Hooks, Thrown<'vm>> {
        let mut kept = [vm.keep(vm.undefined()); NAMES.len()];
        for (hook, name) in NAMES {
            kept[*hook as usize] = vm.keep(hooks.get(name)?);
        }
        Ok(Hooks(kept))
    }
}

impl Hook {
    /// Calls the hook; before there are any, nothing happens.
    pub(in crate::isolate) fn call<'vm>(
        self,
        vm: &'vm Vm,
        host: &Host,
        args: &[&Local<'_>],
    ) -> JsResult<'vm> {
        match host.hooks.get() {
            Some(Hooks(hooks)) => vm.kept(hooks[self as usize]).call(args),
            None => Ok(vm.undefined()),
        }
    }
}

/// A function that the prelude registered to be called by name.
#[derive(Clone, Copy)]
pub(in crate::isolate) struct Entry {
    /// Gives the result or a promise of it.
    pub(in crate::isolate) run: Kept,
    /// Gets a promise that is still pending after the microtasks have run; gives the one to wait for.
    pub(in crate::isolate) wait: Kept,
    /// Gets how a promise was settled: whether it was fulfilled, and with what. Gives the result.
    pub(in crate::isolate) conclude: Kept,
}
