//! What happens when an error is thrown: QuickJS makes a stack trace, and calls [`trace`] to make it.
//!
//! QuickJS calls it for every error that has no trace yet, and for the first exception of a job whatever that is:
//! [`Vm::forget_trace`] sees to it. Such a job is an async function that goes on with what the promise that it awaits
//! was rejected with: this is how a trace gets the functions that await.
//!
//! Nothing of a trace lives on this side: it would be there after a restore.

use std::ffi::{CStr, c_int};
use std::fmt::Write as _;

use rquickjs::qjs;

use super::{Hook, JsResult, Local, Thrown, Vm, size};
use crate::isolate::{
    engine_message::{EngineError, in_words_of_v8},
    host::Host,
    modules::{How, Position},
    stack_trace::is_prelude_file,
};

/// Bytes of machine stack that making a trace may use beyond the limit, which a recursion without end has used up.
const STACK_FOR_TRACE: usize = 128 << 10;

const CLASS_NAME: &CStr = c"StackTraceHook";
/// `js_std_cmd`'s number for taking the trace of the last error.
const TAKE_ERROR_BACKTRACE: c_int = 2;

/// Where an error was thrown.
#[derive(Default)]
struct Origin {
    /// The function's name, which may be empty.
    function: String,
    is_native: bool,
    /// Of the first frame that has one: file, line and column.
    place: Option<(String, u32, u32)>,
}

impl Vm {
    /// The function that QuickJS is to call for a stack trace. Of a class of its own, since calling one of the usual
    /// classes fails where the stack is used up.
    pub(super) fn trace_hook(&self) -> JsResult<'_> {
        let class = qjs::JSClassDef {
            class_name: CLASS_NAME.as_ptr(),
            finalizer: None,
            gc_mark: None,
            call: Some(trace),
            exotic: std::ptr::null_mut(),
        };
        let mut id = 0;
        // SAFETY: the runtime is live; the class's name is static and the definition is copied.
        unsafe {
            qjs::JS_NewClassID(self.rt.as_ptr(), &mut id);
            if qjs::JS_NewClass(self.rt.as_ptr(), id, &class) < 0 {
                return Err(self.thrown());
            }
            self.take(qjs::JS_NewObjectClass(self.ctx(), id))
        }
    }

    /// Has QuickJS call the hook for the next exception even if that has a trace already.
    pub(super) fn forget_trace(&self) {
        let mut trace = qjs::JS_UNDEFINED;
        // SAFETY: the command writes a value, whose reference it hands over, to the pointer.
        unsafe {
            qjs::js_std_cmd(TAKE_ERROR_BACKTRACE, self.ctx(), &raw mut trace);
            drop(Local::new(self, trace));
        }
    }
}

/// (error, call sites) -> what becomes of the error's stack
unsafe extern "C" fn trace(
    ctx: *mut qjs::JSContext,
    _function: qjs::JSValue,
    _this: qjs::JSValue,
    count: c_int,
    values: *mut qjs::JSValue,
    _flags: c_int,
) -> qjs::JSValue {
    if count < 2 {
        return qjs::JS_UNDEFINED;
    }
    // SAFETY: QuickJS passes a live context, whose runtime's opaque pointer is the host, and live values.
    let (vm, host, error, sites) = unsafe {
        let vm = Vm::of_callback(ctx);
        let host = &*qjs::JS_GetRuntimeOpaque(vm.rt.as_ptr()).cast::<Host>();
        let values = [*values, *values.add(1)];
        (vm, host, values[0], values[1])
    };
    // SAFETY: as above.
    let (error, sites) = unsafe { (vm.share_value(error), vm.share_value(sites)) };
    vm.set_max_stack(host.stack + STACK_FOR_TRACE);
    let stack = vm.guarded("writing a stack trace", || stack_of(&vm, host, &error, &sites));
    vm.set_max_stack(host.stack);
    match stack {
        Ok(stack) => stack.into_raw(),
        Err(Thrown(error)) => vm.throw(error),
    }
}

fn stack_of<'vm>(
    vm: &'vm Vm,
    host: &Host,
    error: &Local<'vm>,
    sites: &Local<'vm>,
) -> JsResult<'vm> {
    let (frames, origin) = frames(vm, host, sites)?;
    // SAFETY: reads the class of a value that is held.
    let is_error = unsafe { qjs::JS_IsError(error.raw()) };
    if is_error && !host.is_capturing.get() {
        let known = Hook::RawStack.value(vm, host);
        if !known.is_undefined() && !known.call(error, &[])?.is_undefined() {
            // What a function throws once more in the same job, as at the end of a `finally`, adds nothing.
            if host.in_job.replace(false) {
                Hook::Rethrown.call(vm, host, &[error, &vm.string(&frames)?])?;
            }
            return vm.string(&frames);
        }
        reword(vm, host, error, origin.as_ref())?;
    }
    let prepare = Hook::Traces.value(vm, host);
    if prepare.is_object() {
        let prepare = prepare.get(c"prepare")?;
        if !prepare.is_undefined() {
            return prepare.call(&vm.undefined(), &[error, sites]);
        }
    }
    vm.string(&frames)
}

/// QuickJS's own text of the frames, and where they begin.
fn frames<'vm>(
    vm: &'vm Vm,
    host: &Host,
    sites: &Local<'vm>,
) -> Result<(String, Option<Origin>), Thrown<'vm>> {
    let mut text = String::new();
    let mut origin: Option<Origin> = None;
    let count = sites.get(c"length")?.as_number().unwrap_or(0.0) as u32;
    for index in 0..count {
        // SAFETY: the array is held; `take` owns the result.
        let site = unsafe { vm.take(qjs::JS_GetPropertyUint32(vm.ctx(), sites.raw(), index))? };
        let ask = |hook: Hook| {
            let method = hook.value(vm, host);
            if method.is_undefined() { Ok(method) } else { method.call(&site, &[]) }
        };
        let number = |hook| -> Result<u32, Thrown<'vm>> {
            Ok(ask(hook)?.as_number().unwrap_or_default() as u32)
        };
        let name = ask(Hook::SiteFunctionName)?.as_string().unwrap_or_default();
        let place = match ask(Hook::SiteFile)?.as_string() {
            Some(file) => Some((file, number(Hook::SiteLine)?, number(Hook::SiteColumn)?)),
            None => None,
        };
        let shown = if name.is_empty() { "<anonymous>" } else { &name };
        let _ = match &place {
            // Where a parser stopped there is no function.
            Some((file, line, column)) if ask(Hook::SiteFunction)?.is_null() => {
                writeln!(text, "    at {file}:{line}:{column}")
            }
            Some((file, line, column)) => writeln!(text, "    at {shown} ({file}:{line}:{column})"),
            None => writeln!(text, "    at {shown} (native)"),
        };
        let is_native = place.is_none();
        let origin = origin.get_or_insert(Origin { function: name, is_native, place: None });
        if origin.place.is_none() {
            origin.place = place;
        }
    }
    Ok((text, origin))
}

/// Gives an error of the engine's own the message that V8 has for it.
fn reword<'vm>(
    vm: &'vm Vm,
    host: &Host,
    error: &Local<'vm>,
    origin: Option<&Origin>,
) -> Result<(), Thrown<'vm>> {
    let no_frame = Origin { is_native: true, ..Origin::default() };
    let Origin { function, is_native, place } = origin.unwrap_or(&no_frame);
    // The frame of a constructor is on the stack, but not in the trace: JavaScript has made the error.
    if !is_native && vm.runs_native() {
        return Ok(());
    }
    let Some(message) = error.get(c"message")?.as_string() else { return Ok(()) };
    if let Some(words) = missing_export(vm, host, &message) {
        return error.set_hidden(c"message", vm.string(&words)?);
    }
    let position =
        place.as_ref().filter(|(file, ..)| !is_prelude_file(file)).map(|(file, line, column)| {
            let found = host.modules.original_position(file, *line, *column);
            found.unwrap_or_else(|| Position { file: file.clone(), line: *line, column: *column })
        });
    let error_of_engine = EngineError { message: &message, function, is_native: *is_native };
    let words =
        in_words_of_v8(error_of_engine, |fault| host.modules.culprit(position.as_ref()?, fault));
    match words {
        Some(words) => error.set_hidden(c"message", vm.string(&words)?),
        None => Ok(()),
    }
}

/// What to say of an export that the linker has not found.
fn missing_export(vm: &Vm, host: &Host, message: &str) -> Option<String> {
    let (name, module) = message
        .strip_prefix("Could not find export '")?
        .strip_suffix('\'')?
        .split_once("' in module '")?;
    // QuickJS cuts long names off.
    let importers = host.graph.try_borrow().ok()?.importers_of(module);
    importers.iter().find_map(|(importer, id)| {
        let means = |specifier: &str| {
            host.resolve(specifier, importer, How::Import).is_ok_and(|found| found == *id)
        };
        let exported = exports_of(vm, host, id);
        host.modules.missing_export(importer, name, id, &means, exported)
    })
}

/// The names that a module exports which is no ES module.
fn exports_of(vm: &Vm, host: &Host, id: &str) -> Option<Vec<String>> {
    let hook = match host.builtin_source(id) {
        Some(_) => Hook::RequireBuiltin,
        None if id.ends_with(".cjs") => Hook::RequireForImport,
        None => return None,
    };
    let exports = hook.call(vm, host, &[&vm.string(id).ok()?]).ok()?;
    let names = Hook::ExportsOf.call(vm, host, &[&exports]).ok()?.get(c"names").ok()?;
    serde_json::from_str(&names.as_string()?).ok()
}

impl Vm {
    /// Whether the innermost function on the stack is native.
    fn runs_native(&self) -> bool {
        // SAFETY: the atom that is handed over is given back.
        unsafe {
            let file = qjs::JS_GetScriptOrModuleName(self.ctx(), 0);
            qjs::JS_FreeAtom(self.ctx(), file);
            file == qjs::JS_ATOM_NULL
        }
    }

    fn set_max_stack(&self, bytes: usize) {
        // SAFETY: rt is live.
        unsafe { qjs::JS_SetMaxStackSize(self.rt.as_ptr(), size(bytes)) }
    }
}
