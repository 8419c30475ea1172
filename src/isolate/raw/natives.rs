//! The native functions that core.js and modules.js build on, and QuickJS's other callbacks.

use std::{
    ffi::{CStr, CString, c_int, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
};

use rquickjs::qjs;

use super::{Callable, Hook, JsResult, Local, PromiseState, Thrown, Vm, Wrapper, loader};
use crate::isolate::{
    engine_message,
    event_loop::EventLoop,
    host::{Host, panic_text},
    modules::{Called, Code, How, ModuleKind},
    op::{CallSite, Handler, OpError, OpResult, OpValue},
    pending, stack_trace,
};

/// A native: gets its arguments borrowed, gives a value or throws.
type Native = for<'vm> fn(&'vm Vm, &Host, &[Local<'vm>]) -> JsResult<'vm>;

/// By name as core.js sees them; the index is the function's magic number.
const NATIVES: &[(&CStr, Native)] = &[
    (c"op", op),
    (c"entry", entry),
    (c"callable", callable),
    (c"demandConclusion", demand_conclusion),
    (c"setTimer", set_timer),
    (c"clearTimer", clear_timer),
    (c"awaitTimer", await_timer),
    (c"awaitOp", await_op),
    (c"abandon", abandon),
    (c"awaitedByCall", awaited_by_call),
    (c"firedWork", fired_work),
    (c"continuesWork", continues_work),
    (c"wantImmediates", want_immediates),
    (c"settle", settle),
    (c"uncaught", uncaught),
    (c"formatStack", format_stack),
    (c"resolve", resolve),
    (c"load", load),
    (c"builtin", builtin),
    (c"requireEsModule", require_es_module),
    (c"isBuiltin", is_builtin),
    (c"random", random),
    (c"capturing", capturing),
    (c"promiseState", promise_state),
    (c"proxyParts", proxy_parts),
];

pub(super) fn object(vm: &Vm) -> JsResult<'_> {
    let object = vm.object()?;
    for (magic, (name, _)) in NATIVES.iter().enumerate() {
        // SAFETY: with generic_magic QuickJS calls the function with the extra magic argument, so the
        // pointer is of the type that it is called as.
        let function = unsafe {
            let pointer = std::mem::transmute::<
                unsafe extern "C" fn(
                    *mut qjs::JSContext,
                    qjs::JSValue,
                    c_int,
                    *mut qjs::JSValue,
                    c_int,
                ) -> qjs::JSValue,
                unsafe extern "C" fn(
                    *mut qjs::JSContext,
                    qjs::JSValue,
                    c_int,
                    *mut qjs::JSValue,
                ) -> qjs::JSValue,
            >(native);
            let kind = qjs::JSCFunctionEnum_JS_CFUNC_generic_magic;
            vm.take(qjs::JS_NewCFunction2(
                vm.ctx(),
                Some(pointer),
                name.as_ptr(),
                0,
                kind,
                magic as c_int,
            ))?
        };
        object.set(name, function)?;
    }
    object.set(c"traceHook", vm.trace_hook()?)?;
    Ok(object)
}

unsafe extern "C" fn native(
    ctx: *mut qjs::JSContext,
    _this: qjs::JSValue,
    count: c_int,
    values: *mut qjs::JSValue,
    magic: c_int,
) -> qjs::JSValue {
    // SAFETY: QuickJS passes a live context, whose runtime's opaque pointer is the host, and `count` live
    // values.
    let (vm, host) = unsafe {
        let vm = Vm::of_callback(ctx);
        let host = qjs::JS_GetRuntimeOpaque(vm.rt.as_ptr()).cast::<Host>();
        (vm, &*host)
    };
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: as above.
    let args: Vec<Local<'_>> =
        (0..count).map(|index| unsafe { vm.share_value(*values.add(index)) }).collect();
    let (_, run) = NATIVES[magic as usize];
    match vm.guarded("running a native function", || run(&vm, host, &args)) {
        Ok(value) => value.into_raw(),
        Err(Thrown(error)) => vm.throw(error),
    }
}

impl Vm {
    /// Runs the body of a function that QuickJS calls. A panic becomes an error: none may unwind through C.
    pub(super) fn guarded<'vm, T>(
        &'vm self,
        what: &str,
        run: impl FnOnce() -> Result<T, Thrown<'vm>>,
    ) -> Result<T, Thrown<'vm>> {
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let message = format!("quickcuke panicked while {what}: {}", panic_text(&*panic));
            Err(self.error("Error", &message).map_or_else(|thrown| thrown, Thrown))
        })
    }
}

pub(super) unsafe fn install_callbacks(rt: *mut qjs::JSRuntime, host: *const Host) {
    // SAFETY: the callbacks get `host` back, which outlives the runtime by the contract of Vm::new.
    unsafe {
        let opaque = host.cast_mut().cast();
        qjs::JS_SetInterruptHandler(rt, Some(interrupt), opaque);
        qjs::JS_SetHostPromiseRejectionTracker(rt, Some(track_rejection), opaque);
    }
}

unsafe extern "C" fn interrupt(_rt: *mut qjs::JSRuntime, opaque: *mut c_void) -> c_int {
    // SAFETY: the opaque pointer of `install_callbacks`.
    let gate = unsafe { &*opaque.cast::<Host>() }.gate.as_ref();
    // A gate that panics stops what runs.
    c_int::from(catch_unwind(AssertUnwindSafe(|| gate.interrupts())).unwrap_or(true))
}

unsafe extern "C" fn track_rejection(
    ctx: *mut qjs::JSContext,
    promise: qjs::JSValue,
    reason: qjs::JSValue,
    is_handled: bool,
    opaque: *mut c_void,
) {
    // SAFETY: QuickJS passes live values and the opaque pointer of `install_callbacks`.
    let (vm, host) = unsafe { (Vm::of_callback(ctx), &*opaque.cast::<Host>()) };
    // SAFETY: as above.
    let (promise, reason) = unsafe { (vm.share_value(promise), vm.share_value(reason)) };
    host.has_rejections.set(true);
    // A failure here is out of memory or the deadline, which the gate has noted.
    let _ = vm.guarded("noting a rejection", || {
        Hook::Rejection.call(&vm, host, &[&promise, &reason, &vm.boolean(is_handled)])
    });
}

/// (name, function, behaviour or undefined)
fn entry<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    if let [name, run, behaviour] = args
        && let Some(name) = name.as_string()
    {
        let entry = Callable::keep(vm, run.clone(), behaviour.clone())?;
        host.entries.borrow_mut().push((name, entry));
    }
    Ok(vm.undefined())
}

/// (function, behaviour) -> its number
fn callable<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let [run, behaviour] = args else { return Ok(vm.undefined()) };
    let callable = Callable::keep(vm, run.clone(), behaviour.clone())?;
    let mut functions = host.functions.borrow_mut();
    functions.push(callable);
    Ok(vm.number((functions.len() - 1) as f64))
}

/// (): the call that runs must be concluded, whatever its function gives.
fn demand_conclusion<'vm>(vm: &'vm Vm, host: &Host, _: &[Local<'vm>]) -> JsResult<'vm> {
    host.demands_conclusion.set(true);
    Ok(vm.undefined())
}

fn op<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let Some((number, args)) = args.split_first() else { return Ok(vm.undefined()) };
    let Some(op) = host.ops.get(number.as_number().unwrap_or(-1.0) as usize) else {
        return Err(Thrown(vm.error("Error", "no op has this number")?));
    };
    let mut values = Vec::with_capacity(args.len());
    for (index, arg) in args.iter().enumerate() {
        match arg.to_op_value() {
            Some(value) => values.push(value),
            None => {
                let message = format!(
                    "argument {index} of op {} must be plain data: null, a boolean, a number, a string or bytes",
                    op.name
                );
                return Err(Thrown(vm.error("TypeError", &message)?));
            }
        }
    }
    let answered = match &op.handler {
        Handler::Sync(run) => answer(vm, run(&values)),
        Handler::Async(run, pending) => Ok(vm.number(f64::from(host.start(run(values), *pending)))),
    };
    if host.ops.is_caller_asked() {
        host.ops.caller().answer(&call_site(vm, host));
    }
    answered
}

/// Where the code that runs was called from; nothing where that cannot be found out, as when memory is short.
fn call_site(vm: &Vm, host: &Host) -> CallSite {
    let frames = Hook::Frames.call(vm, host, &[]).ok().and_then(|frames| frames.as_string());
    stack_trace::call_site(&frames.unwrap_or_default(), |file, line, column| {
        host.modules.original_position(file, line, column)
    })
}

fn answer(vm: &Vm, result: OpResult) -> JsResult<'_> {
    match result {
        Ok(value) => vm.op_value(&value),
        Err(error) => Err(Thrown(vm.op_error(&error)?)),
    }
}

impl Vm {
    /// The JavaScript value of an op's value.
    pub(in crate::isolate) fn op_value(&self, value: &OpValue) -> JsResult<'_> {
        match value {
            OpValue::Null => Ok(self.undefined()),
            OpValue::Bool(value) => Ok(self.boolean(*value)),
            OpValue::Number(value) => Ok(self.number(*value)),
            OpValue::Text(text) => self.string(text),
            OpValue::Bytes(bytes) => self.bytes(bytes),
            OpValue::Json(json) => self.parse_json(json),
        }
    }

    /// The JavaScript error of an op's error.
    pub(in crate::isolate) fn op_error(&self, error: &OpError) -> JsResult<'_> {
        let value = self.error(error.name, &error.message)?;
        for (name, property) in &error.properties {
            if let Ok(name) = CString::new(*name) {
                value.set(&name, self.op_value(property)?)?;
            }
        }
        if let Some(code) = &error.code {
            value.set(c"code", self.string(code)?)?;
        }
        Ok(value)
    }
}

fn number(args: &[Local<'_>], index: usize) -> f64 {
    args.get(index).and_then(Local::as_number).unwrap_or(f64::NAN)
}

fn text(args: &[Local<'_>], index: usize) -> String {
    args.get(index).and_then(Local::as_string).unwrap_or_default()
}

/// (id, delay in milliseconds, whether it is awaited)
fn set_timer<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let is_awaited = args.get(2).is_some_and(Local::is_true);
    let timer = host.started(number(args, 0) as u32, is_awaited, pending::TIMER);
    host.timers.borrow_mut().set(timer, number(args, 1));
    Ok(vm.undefined())
}

/// (id, whether it is awaited)
fn await_timer<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let is_awaited = args.get(1).is_some_and(Local::is_true);
    host.timers.borrow_mut().set_awaited(number(args, 0) as u32, is_awaited);
    Ok(vm.undefined())
}

/// (number, whether it is awaited)
fn await_op<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let is_awaited = args.get(1).is_some_and(Local::is_true);
    host.pending.borrow_mut().set_awaited(number(args, 0) as u32, is_awaited);
    Ok(vm.undefined())
}

/// (): nobody waits for the call that runs any more, so its work is not awaited.
fn abandon<'vm>(vm: &'vm Vm, host: &Host, _: &[Local<'vm>]) -> JsResult<'vm> {
    host.abandon(host.call.get());
    Ok(vm.undefined())
}

/// () -> what the call that runs waits for, as text
fn awaited_by_call<'vm>(vm: &'vm Vm, host: &Host, _: &[Local<'vm>]) -> JsResult<'vm> {
    vm.string(&EventLoop::new(vm, host).awaited_by_call())
}

/// () -> whether the call that runs has been continued by a timer, an op or an immediate
fn continues_work<'vm>(vm: &'vm Vm, host: &Host, _: &[Local<'vm>]) -> JsResult<'vm> {
    Ok(vm.boolean(host.fired.get().is_some()))
}

/// (frames at which it was started) -> the timer, op or immediate that ran last, as text; or undefined
fn fired_work<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let work = EventLoop::new(vm, host).fired_work(&text(args, 0));
    work.map_or_else(|| Ok(vm.undefined()), |work| vm.string(&work.to_string()))
}

/// (id)
fn clear_timer<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    host.timers.borrow_mut().clear(number(args, 0) as u32);
    Ok(vm.undefined())
}

/// (whether there are immediates to run)
fn want_immediates<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    host.has_immediates.set(args.first().is_some_and(Local::is_true));
    Ok(vm.undefined())
}

/// (number of the call, whether it went well, JSON of the result or the error)
fn settle<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let is_current = number(args, 0) == f64::from(host.call.get());
    let mut outcome = host.outcome.borrow_mut();
    if is_current && outcome.is_none() {
        let text = text(args, 2);
        *outcome = Some(if args.get(1).is_some_and(Local::is_true) { Ok(text) } else { Err(text) });
    }
    Ok(vm.undefined())
}

/// (JSON of the error that nobody caught)
fn uncaught<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    host.uncaught.borrow_mut().get_or_insert_with(|| text(args, 0));
    Ok(vm.undefined())
}

/// (QuickJS's frames, the error's class if it was made in the first frame, whether only lines count, the error's message)
/// -> V8-shaped frames with the author's positions
fn format_stack<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let only_lines = args.get(2).is_some_and(Local::is_true);
    let frames = text(args, 0);
    let original = |function, place, called: Called<'_>| {
        host.original_frame(function, place, called, only_lines)
    };
    let class = args.get(1).and_then(Local::as_string);
    let message = text(args, 3);
    let first = class.as_deref().map_or(Called::LeftOut, |class| {
        engine_message::place_of(&message).unwrap_or(Called::Error(class))
    });
    vm.string(&stack_trace::format(&frames, first, original))
}

/// (whether Error.captureStackTrace runs)
fn capturing<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    host.is_capturing.set(args.first().is_some_and(Local::is_true));
    Ok(vm.undefined())
}

/// (specifier, importer, whether by require) -> id
fn resolve<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let how = if args.get(2).is_some_and(Local::is_true) { How::Require } else { How::Import };
    match host.resolve(&text(args, 0), &text(args, 1), how) {
        Ok(id) => vm.string(&id),
        Err(error) => Err(Thrown(loader::load_error(vm, &error)?)),
    }
}

/// (specifier) -> the builtin's id, or undefined
fn is_builtin<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    host.builtin(&text(args, 0)).map_or_else(|| Ok(vm.undefined()), |id| vm.string(id))
}

/// (id) -> { kind: "esm" }, { kind: "json", text } or { kind: "cjs", wrapper }
fn load<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let id = text(args, 0);
    let loaded = match host.load(&id) {
        Ok(loaded) => loaded,
        Err(error) => return Err(Thrown(loader::load_error(vm, &error)?)),
    };
    let answer = vm.object()?;
    match (loaded.kind, loaded.code) {
        (ModuleKind::EsModule, code) => {
            host.preload(&id, crate::isolate::Loaded { kind: ModuleKind::EsModule, code });
            answer.set(c"kind", vm.string("esm")?)?;
        }
        (ModuleKind::Json, Code::Source(source)) => {
            answer.set(c"kind", vm.string("json")?)?;
            answer.set(c"text", vm.string(source.strip_prefix('\u{feff}').unwrap_or(&source))?)?;
        }
        (ModuleKind::Json, Code::Bytecode(_)) => {
            return Err(Thrown(vm.error("Error", &format!("JSON module {id} came as bytecode"))?));
        }
        (ModuleKind::CommonJs, Code::Source(source)) => {
            let name = c_name(vm, &id)?;
            let compile =
                |source: &str| vm.compile_function(&name, source, Wrapper::CommonJs, true);
            let (wrapper, bytecode) = loader::or_mended(vm, host, &id, &source, compile)?;
            if let Some(bytecode) = bytecode {
                host.modules.keep_bytecode(&id, &bytecode);
            }
            answer.set(c"kind", vm.string("cjs")?)?;
            answer.set(c"wrapper", wrapper)?;
        }
        (ModuleKind::CommonJs, Code::Bytecode(bytecode)) => {
            answer.set(c"kind", vm.string("cjs")?)?;
            answer.set(c"wrapper", vm.read_function(host, &bytecode)?)?;
        }
    }
    Ok(answer)
}

fn c_name<'vm>(vm: &'vm Vm, id: &str) -> Result<CString, Thrown<'vm>> {
    match CString::new(id) {
        Ok(name) => Ok(name),
        Err(_) => Err(Thrown(vm.error("Error", &format!("module id {id:?} holds a NUL"))?)),
    }
}

/// (id) -> the function around the builtin's body, or undefined
fn builtin<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let id = text(args, 0);
    let Some(source) = host.builtin_source(&id) else { return Ok(vm.undefined()) };
    vm.prelude_function(host, &id, source)
}

/// (id) -> the module's namespace
fn require_es_module<'vm>(vm: &'vm Vm, host: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    loader::require(vm, host, &text(args, 0))
}

/// (value) -> of a promise { state, value }, where only one that is settled has a value; else undefined
fn promise_state<'vm>(vm: &'vm Vm, _: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let Some(state) = args.first().and_then(Local::promise_state) else {
        return Ok(vm.undefined());
    };
    let (name, value) = match state {
        PromiseState::Pending => ("pending", None),
        PromiseState::Fulfilled(value) => ("fulfilled", Some(value)),
        PromiseState::Rejected(value) => ("rejected", Some(value)),
    };
    let answer = vm.object()?;
    answer.set(c"state", vm.string(name)?)?;
    if let Some(value) = value {
        answer.set(c"value", value)?;
    }
    Ok(answer)
}

/// (value) -> of a proxy { target, handler }, both null once it was revoked; else undefined
fn proxy_parts<'vm>(vm: &'vm Vm, _: &Host, args: &[Local<'vm>]) -> JsResult<'vm> {
    let Some(parts) = args.first().and_then(Local::proxy_parts) else {
        return Ok(vm.undefined());
    };
    let (target, handler) = parts.unwrap_or_else(|_| (vm.null(), vm.null()));
    let answer = vm.object()?;
    answer.set(c"target", target)?;
    answer.set(c"handler", handler)?;
    Ok(answer)
}

/// A number from 0 to 1, for Math.random. The generator is on this side of the snapshot.
fn random<'vm>(vm: &'vm Vm, host: &Host, _: &[Local<'vm>]) -> JsResult<'vm> {
    Ok(vm.number(host.random()))
}
