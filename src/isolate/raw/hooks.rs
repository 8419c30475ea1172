//! The functions that Rust calls: core.js's hooks, the prelude's entries, the author's functions.

use std::ffi::CStr;

use super::{JsResult, Local, Thrown, Vm, value::Kept};
use crate::isolate::{call::Argument, host::Host};

/// A function in `internal.hooks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::isolate) enum Hook {
    /// (number of the call, promise, behaviour of the callee, its number)
    Watch,
    /// `Promise.prototype.then` as it was, to compare with.
    Then,
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
    /// () -> QuickJS's frames of what runs
    Frames,
    /// Ops, timers and immediates were dropped.
    Forget,
    /// The object whose `prepare` is the author's Error.prepareStackTrace.
    Traces,
    /// The getter of what QuickJS keeps as an error's stack.
    RawStack,
    /// (error, the frames of the job in which it is thrown once more)
    Rethrown,
    /// Methods of a call site.
    SiteFunction,
    SiteFunctionName,
    SiteFile,
    SiteLine,
    SiteColumn,
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
    (Hook::Then, c"then"),
    (Hook::FireTimer, c"fireTimer"),
    (Hook::RunImmediate, c"runImmediate"),
    (Hook::Rejection, c"rejection"),
    (Hook::ReportRejections, c"reportRejections"),
    (Hook::Describe, c"describe"),
    (Hook::SettleOp, c"settleOp"),
    (Hook::Frames, c"frames"),
    (Hook::Forget, c"forget"),
    (Hook::Traces, c"traces"),
    (Hook::RawStack, c"rawStack"),
    (Hook::Rethrown, c"rethrown"),
    (Hook::SiteFunction, c"getFunction"),
    (Hook::SiteFunctionName, c"getFunctionName"),
    (Hook::SiteFile, c"getFileName"),
    (Hook::SiteLine, c"getLineNumber"),
    (Hook::SiteColumn, c"getColumnNumber"),
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
        let hook = self.value(vm, host);
        if hook.is_undefined() { Ok(hook) } else { hook.call(&vm.undefined(), args) }
    }

    /// The hook itself; undefined before there are any.
    pub(in crate::isolate) fn value<'vm>(self, vm: &'vm Vm, host: &Host) -> Local<'vm> {
        host.hooks
            .get()
            .map_or_else(|| vm.undefined(), |Hooks(hooks)| vm.kept(hooks[self as usize]))
    }
}

/// What can be called from Rust: an entry of the prelude, or a function of the author's.
#[derive(Clone, Copy)]
pub(in crate::isolate) struct Callable {
    pub(in crate::isolate) run: Kept,
    /// None for an entry that gives plain data or a promise of it, and throws in earnest.
    pub(in crate::isolate) behaviour: Option<Behaviour>,
}

/// How a call of an author's function goes on: see `internal.callable` in core.js.
#[derive(Clone, Copy)]
pub(in crate::isolate) struct Behaviour {
    /// The object that holds the functions, for `Hook::Watch`.
    pub(in crate::isolate) object: Kept,
    /// The object whose `value` is `this`.
    pub(in crate::isolate) receiver: Kept,
    pub(in crate::isolate) returned: Kept,
    pub(in crate::isolate) conclude: Kept,
}

impl Callable {
    /// Keeps a function and, unless that is undefined, its behaviour.
    pub(in crate::isolate) fn keep<'vm>(
        vm: &'vm Vm,
        run: Local<'vm>,
        behaviour: Local<'vm>,
    ) -> Result<Callable, Thrown<'vm>> {
        let keep = |name| behaviour.get(name).map(|value| vm.keep(value));
        let behaviour = match behaviour.is_undefined() {
            true => None,
            false => Some(Behaviour {
                receiver: keep(c"receiver")?,
                returned: keep(c"returned")?,
                conclude: keep(c"conclude")?,
                object: vm.keep(behaviour),
            }),
        };
        Ok(Callable { run: vm.keep(run), behaviour })
    }

    /// Calls the function, with the receiver that its behaviour tells.
    pub(in crate::isolate) fn call<'vm>(
        &self,
        vm: &'vm Vm,
        args: &[Argument<'_>],
    ) -> JsResult<'vm> {
        let this = match self.behaviour {
            Some(Behaviour { receiver, .. }) => vm.kept(receiver).get(c"value")?,
            None => vm.undefined(),
        };
        let args = args.iter().map(|arg| vm.argument(arg)).collect::<Result<Vec<_>, _>>()?;
        vm.kept(self.run).call(&this, &args.iter().collect::<Vec<_>>())
    }
}
