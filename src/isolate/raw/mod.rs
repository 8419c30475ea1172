//! The raw QuickJS calls, behind an interface that keeps reference counts and lifetimes in order.
//!
//! Must not know what the calls are for: no ops, no entries, no modules beyond compiling one.
//!
//! Why raw and not rquickjs's own types: those keep tables, classes and closures on the Rust heap, which a
//! reset of the arena would leave behind. Here every byte that the VM refers to is in the arena, but for
//! the [`Host`](super::host::Host) behind the runtime's opaque pointer, which outlives it.

mod hooks;
mod loader;
mod module_def;
mod natives;
mod throwing;
mod value;

use std::{
    ffi::{CStr, CString, c_char, c_void},
    ptr::{self, NonNull},
};

use rquickjs::qjs;

pub(super) use hooks::{Callable, Hook, Hooks};
pub(super) use loader::{EsModule, end_job};
pub(super) use value::{JsResult, Kept, KeptValues, Local, PromiseState, Thrown};

use super::{bytecode::Bytecode, host::Host, prelude_code};

/// One QuickJS runtime with one context.
pub(super) struct Vm {
    rt: NonNull<qjs::JSRuntime>,
    ctx: NonNull<qjs::JSContext>,
}

/// How source text is compiled.
#[derive(Clone, Copy)]
pub(super) enum Wrapper {
    /// The body of a CommonJS module: sloppy unless it says "use strict".
    CommonJs,
    /// The body of a prelude file: strict, with `internal` as a further parameter.
    Prelude,
}

impl Wrapper {
    /// The text around the body. The body starts on a line of its own, and compilation starts at line -1,
    /// so that line 1, column 1 of the body is just that.
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Wrapper::CommonJs => {
                ("\n(function (exports, require, module, __filename, __dirname) {\n", "\n})")
            }
            Wrapper::Prelude => (
                "\n(function (exports, require, module, __filename, __dirname, internal) {\n",
                "\n})",
            ),
        }
    }
}

const FIRST_LINE: i32 = -1;

impl Vm {
    /// A VM that allocates through `functions`, with the natives and callbacks of `host` installed.
    ///
    /// # Safety
    /// `host` must outlive every use of the VM and stay where it is; `functions` must be sound with `opaque`
    /// for as long.
    pub(super) unsafe fn new(
        functions: &qjs::JSMallocFunctions,
        opaque: *mut c_void,
        host: *const Host,
        stack: usize,
    ) -> Option<Vm> {
        // SAFETY: plain construction; each pointer is checked before use.
        unsafe {
            let rt = NonNull::new(qjs::JS_NewRuntime2(functions, opaque))?;
            qjs::JS_SetMaxStackSize(rt.as_ptr(), size(stack));
            let ctx = NonNull::new(qjs::JS_NewContext(rt.as_ptr()))?;
            qjs::JS_SetRuntimeOpaque(rt.as_ptr(), host.cast_mut().cast());
            natives::install_callbacks(rt.as_ptr(), host);
            let vm = Vm { rt, ctx };
            loader::install(&vm, host).then_some(vm)
        }
    }

    fn ctx(&self) -> *mut qjs::JSContext {
        self.ctx.as_ptr()
    }

    fn host(&self) -> &Host {
        // SAFETY: `new` set it, and by its contract it outlives the VM.
        unsafe { &*qjs::JS_GetRuntimeOpaque(self.rt.as_ptr()).cast::<Host>() }
    }

    /// The VM of a callback.
    ///
    /// # Safety
    /// `ctx` must be the context that QuickJS gave to a running callback.
    unsafe fn of_callback(ctx: *mut qjs::JSContext) -> Vm {
        // SAFETY: QuickJS passes live pointers to its callbacks.
        unsafe {
            Vm {
                rt: NonNull::new_unchecked(qjs::JS_GetRuntime(ctx)),
                ctx: NonNull::new_unchecked(ctx),
            }
        }
    }

    /// Takes the machine stack's current depth as the top that the stack limit counts from.
    pub(super) fn enter(&self) {
        // SAFETY: rt is live.
        unsafe { qjs::JS_UpdateStackTop(self.rt.as_ptr()) }
    }

    pub(super) fn set_gc_threshold(&self, bytes: usize) {
        // SAFETY: rt is live.
        unsafe { qjs::JS_SetGCThreshold(self.rt.as_ptr(), size(bytes)) }
    }

    pub(super) fn run_gc(&self) {
        // SAFETY: rt is live, and callers hold no unowned values.
        unsafe { qjs::JS_RunGC(self.rt.as_ptr()) }
    }

    /// Uses up the free blocks of QuickJS's own pools, of which it keeps one for each size up to 512 bytes, so
    /// that what is allocated later does not lie scattered among what is there; leaves a fresh pool of each.
    /// `requests` counts what it asks of its allocator: it does so once a pool is used up.
    pub(super) fn fill_holes(&self, requests: impl Fn() -> u64) {
        /// What each block holds of QuickJS's own.
        const HEADER: usize = 8;
        let sizes = (16..=128).step_by(8);
        let sizes = sizes.chain((144..=256).step_by(16)).chain((288..=512).step_by(32));
        for bytes in sizes.map(|block| block - HEADER) {
            // SAFETY: rt is live. The blocks are leaked into the arena, with which they end.
            let take = || unsafe { qjs::js_malloc_rt(self.rt.as_ptr(), size(bytes)) };
            let before = requests();
            while requests() == before && !take().is_null() {}
        }
    }

    /// Runs one pending job: `None` if there is none, else whether it ended well.
    pub(super) fn run_job(&self) -> Option<Result<(), Thrown<'_>>> {
        let mut ctx = ptr::null_mut();
        self.forget_trace();
        // SAFETY: rt is live; ctx is an out pointer that is not used.
        match unsafe { qjs::JS_ExecutePendingJob(self.rt.as_ptr(), &mut ctx) } {
            0 => None,
            1 => Some(Ok(())),
            _ => Some(Err(self.thrown())),
        }
    }

    pub(super) fn has_jobs(&self) -> bool {
        // SAFETY: rt is live.
        unsafe { qjs::JS_IsJobPending(self.rt.as_ptr()) }
    }

    /// The pending exception, taken.
    pub(super) fn thrown(&self) -> Thrown<'_> {
        // SAFETY: JS_GetException hands over its reference; without an exception it gives a plain value.
        unsafe { Thrown(Local::new(self, qjs::JS_GetException(self.ctx()))) }
    }

    /// Owns a result, or the pending exception in its place.
    ///
    /// # Safety
    /// `value` must be the result of a QuickJS call that hands its reference over.
    unsafe fn take(&self, value: qjs::JSValue) -> JsResult<'_> {
        // SAFETY: by the caller.
        unsafe {
            if qjs::JS_IsException(value) {
                Err(self.thrown())
            } else {
                Ok(Local::new(self, value))
            }
        }
    }

    /// One more reference to a value that someone else holds.
    ///
    /// # Safety
    /// `value` must be a live value of this VM.
    unsafe fn share_value(&self, value: qjs::JSValue) -> Local<'_> {
        // SAFETY: JS_DupValue adds the reference that the Local will give back.
        unsafe { Local::new(self, qjs::JS_DupValue(self.ctx(), value)) }
    }

    pub(super) fn undefined(&self) -> Local<'_> {
        // SAFETY: not reference-counted.
        unsafe { Local::new(self, qjs::JS_UNDEFINED) }
    }

    pub(super) fn null(&self) -> Local<'_> {
        // SAFETY: not reference-counted.
        unsafe { Local::new(self, qjs::JS_NULL) }
    }

    pub(super) fn boolean(&self, value: bool) -> Local<'_> {
        // SAFETY: not reference-counted.
        unsafe { Local::new(self, if value { qjs::JS_TRUE } else { qjs::JS_FALSE }) }
    }

    pub(super) fn number(&self, value: f64) -> Local<'_> {
        // SAFETY: not reference-counted.
        unsafe { Local::new(self, qjs::JS_NewFloat64(value)) }
    }

    pub(super) fn string(&self, text: &str) -> JsResult<'_> {
        // SAFETY: the pointer and length are of a live str.
        unsafe {
            self.take(qjs::JS_NewStringLen(self.ctx(), text.as_ptr().cast(), size(text.len())))
        }
    }

    pub(super) fn bytes(&self, bytes: &[u8]) -> JsResult<'_> {
        // SAFETY: JS_NewUint8ArrayCopy copies.
        unsafe {
            self.take(qjs::JS_NewUint8ArrayCopy(self.ctx(), bytes.as_ptr(), size(bytes.len())))
        }
    }

    pub(super) fn object(&self) -> JsResult<'_> {
        // SAFETY: plain construction.
        unsafe { self.take(qjs::JS_NewObject(self.ctx())) }
    }

    pub(super) fn parse_json(&self, json: &str) -> JsResult<'_> {
        let text = terminated(&[json]);
        // SAFETY: the text ends with a NUL beyond its length, as the parser asks.
        unsafe {
            self.take(qjs::JS_ParseJSON(
                self.ctx(),
                text.as_ptr().cast(),
                size(json.len()),
                c"<json>".as_ptr(),
            ))
        }
    }

    /// The object of native functions that core.js calls, by name.
    pub(super) fn natives(&self) -> JsResult<'_> {
        natives::object(self)
    }

    /// Throws `value` in the callback that is running; the mark to return from it.
    fn throw(&self, value: Local<'_>) -> qjs::JSValue {
        // SAFETY: JS_Throw consumes the reference.
        unsafe { qjs::JS_Throw(self.ctx(), value.into_raw()) }
    }

    /// An error object of the class, with no properties but its message.
    pub(super) fn error(&self, class: &str, message: &str) -> JsResult<'_> {
        let message = self.string(message)?;
        // SAFETY: the global object is handed over by JS_GetGlobalObject.
        let global = unsafe { Local::new(self, qjs::JS_GetGlobalObject(self.ctx())) };
        let constructor = global.get(match class {
            "TypeError" => c"TypeError",
            "RangeError" => c"RangeError",
            "SyntaxError" => c"SyntaxError",
            "ReferenceError" => c"ReferenceError",
            _ => c"Error",
        })?;
        let mut args = [message.raw()];
        // SAFETY: constructor and argument are held during the call.
        unsafe {
            self.take(qjs::JS_CallConstructor(self.ctx(), constructor.raw(), 1, args.as_mut_ptr()))
        }
    }

    /// A regular expression, for the error if there is one.
    fn regexp(&self, source: &str, flags: &str) -> JsResult<'_> {
        let (source, flags) = (self.string(source)?, self.string(flags)?);
        // SAFETY: the global object is handed over by JS_GetGlobalObject.
        let global = unsafe { Local::new(self, qjs::JS_GetGlobalObject(self.ctx())) };
        let constructor = global.get(c"RegExp")?;
        let mut args = [source.raw(), flags.raw()];
        // SAFETY: constructor and arguments are held during the call.
        unsafe {
            self.take(qjs::JS_CallConstructor(self.ctx(), constructor.raw(), 2, args.as_mut_ptr()))
        }
    }

    /// The text of a value that is a string; `None` when memory ran out.
    fn string_of(&self, value: qjs::JSValue) -> Option<String> {
        let mut length = 0;
        // SAFETY: value is live; the C string is copied and given back.
        unsafe {
            let text = qjs::JS_ToCStringLen(self.ctx(), &mut length, value);
            if text.is_null() {
                drop(self.thrown());
                return None;
            }
            let bytes = std::slice::from_raw_parts(text.cast::<u8>(), length);
            let string = String::from_utf8_lossy(bytes).into_owned();
            qjs::JS_FreeCString(self.ctx(), text);
            Some(string)
        }
    }

    /// Compiles a body and gives the function around it, and its bytecode if asked for.
    pub(super) fn compile_function(
        &self,
        id: &CStr,
        body: &str,
        wrapper: Wrapper,
        keep_bytecode: bool,
    ) -> Result<(Local<'_>, Option<Bytecode>), Thrown<'_>> {
        let (before, after) = wrapper.parts();
        let hash_bang = body.starts_with("#!");
        let parts = match hash_bang {
            true => [before, "//", &body[2..], after],
            false => [before, "", body, after],
        };
        let strict = matches!(wrapper, Wrapper::Prelude);
        let flags = qjs::JS_EVAL_TYPE_GLOBAL
            | qjs::JS_EVAL_FLAG_COMPILE_ONLY
            | if strict { qjs::JS_EVAL_FLAG_STRICT } else { 0 };
        let code = self.eval(id, &parts, flags, FIRST_LINE)?;
        let bytecode = if keep_bytecode { self.write_bytecode(&code) } else { None };
        Ok((self.run_code(code)?, bytecode))
    }

    /// The function of `compile_function`, from its bytecode.
    pub(super) fn read_function(&self, host: &Host, bytecode: &Bytecode) -> JsResult<'_> {
        let code = self.read_bytecode(host, bytecode)?;
        // SAFETY: reads the tag of a value that is held.
        if unsafe { qjs::JS_VALUE_GET_TAG(code.raw()) } != qjs::JS_TAG_FUNCTION_BYTECODE {
            return Err(Thrown(self.error("Error", "the bytecode is not that of a function")?));
        }
        self.run_code(code)
    }

    /// The function around a prelude file's body, compiled if it is not known yet.
    pub(super) fn prelude_function(&self, host: &Host, id: &str, source: &str) -> JsResult<'_> {
        if let Some(bytecode) = prelude_code::find(&*host.modules, id, source) {
            return self.read_function(host, &bytecode);
        }
        let name = CString::new(id).unwrap_or_default();
        let (function, bytecode) = self.compile_function(&name, source, Wrapper::Prelude, true)?;
        if let Some(bytecode) = bytecode {
            prelude_code::add(id, source, bytecode);
        }
        Ok(function)
    }

    /// Evaluates or compiles the text that the parts make.
    fn eval(&self, id: &CStr, parts: &[&str], flags: u32, line: i32) -> JsResult<'_> {
        let text = terminated(parts);
        let mut options = qjs::JSEvalOptions {
            version: qjs::JS_EVAL_OPTIONS_VERSION as i32,
            eval_flags: flags as i32,
            filename: id.as_ptr(),
            line_num: line,
        };
        // SAFETY: the text ends with a NUL at its last byte, which is not counted; the options live through
        // the call.
        unsafe {
            let result = qjs::JS_Eval2(
                self.ctx(),
                text.as_ptr().cast::<c_char>(),
                size(text.len() - 1),
                &mut options,
            );
            self.take(result)
        }
    }

    fn run_code(&self, code: Local<'_>) -> JsResult<'_> {
        // SAFETY: JS_EvalFunction consumes the reference to the bytecode object.
        unsafe { self.take(qjs::JS_EvalFunction(self.ctx(), code.into_raw())) }
    }

    fn write_bytecode(&self, code: &Local<'_>) -> Option<Bytecode> {
        let mut length = 0;
        // SAFETY: the buffer is the VM's, copied and given back.
        unsafe {
            let flags = qjs::JS_WRITE_OBJ_BYTECODE as i32;
            let buffer = qjs::JS_WriteObject(self.ctx(), &mut length, code.raw(), flags);
            if buffer.is_null() {
                drop(self.thrown());
                return None;
            }
            let bytecode = Bytecode::new(std::slice::from_raw_parts(buffer, length as usize));
            qjs::js_free(self.ctx(), buffer.cast());
            Some(bytecode)
        }
    }

    /// The function or module; nothing of what a module imports is looked for yet: see [`loader`].
    fn read_bytecode(&self, host: &Host, bytecode: &Bytecode) -> JsResult<'_> {
        let (bytes, flags) = (bytecode.as_bytes(), qjs::JS_READ_OBJ_BYTECODE as i32);
        host.reads_bytecode.set(true);
        // SAFETY: a Bytecode is what this same build wrote.
        let read = unsafe {
            self.take(qjs::JS_ReadObject(self.ctx(), bytes.as_ptr(), size(bytes.len()), flags))
        };
        host.reads_bytecode.set(false);
        read
    }
}

/// The parts in one buffer that ends with a NUL.
fn terminated(parts: &[&str]) -> Vec<u8> {
    let mut text = Vec::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>() + 1);
    for part in parts {
        text.extend_from_slice(part.as_bytes());
    }
    text.push(0);
    text
}

/// A length as C has it: an integer of the same width, whose Rust type differs by platform.
fn size(length: usize) -> qjs::size_t {
    length as qjs::size_t
}
