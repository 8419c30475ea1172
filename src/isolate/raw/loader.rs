//! ES modules: the callbacks by which QuickJS resolves and loads them, and `require` of one.

use std::{
    collections::{BTreeMap, HashSet},
    ffi::{CStr, CString, c_char, c_int, c_void},
    ptr::{self, NonNull},
};

use rquickjs::qjs;

use super::{Hook, JsResult, Local, PromiseState, Thrown, Vm, module_def};
use crate::isolate::{
    host::Host,
    modules::{Code, How, LoadError, Loaded, ModuleKind},
};

/// A module in the VM's table, where it stays until the VM ends: it is noted only once its load went well.
#[derive(Clone, Copy)]
pub(in crate::isolate) struct EsModule(NonNull<qjs::JSModuleDef>);

/// The module that every import means while bytecode is read.
///
/// JS_ReadObject asks for the modules that a module imports while the module itself is half read. A module that is
/// loaded at that moment and imports the first one in turn would find it without imports, or follow pointers that are
/// not set yet. So nothing is resolved or loaded then: each import gets this module, which is in the VM's table from
/// the start. JS_ResolveModule afterwards puts the true ones in its place, as it does for a module compiled from source.
const UNRESOLVED: &CStr = c"quickcuke:unresolved";

/// Puts the loader in place. False: there is no memory left.
pub(super) unsafe fn install(vm: &Vm, host: *const Host) -> bool {
    // SAFETY: the callbacks get `host` back, which outlives the runtime by the contract of Vm::new. The module is in
    // the table of the context, which is live; to resolve it marks it as one to keep when another fails.
    unsafe {
        let rt = vm.rt.as_ptr();
        qjs::JS_SetModuleLoaderFunc2(rt, None, Some(load), None, host.cast_mut().cast());
        qjs::JS_SetModuleNormalizeFunc2(rt, Some(normalize));
        let module = qjs::JS_NewCModule(vm.ctx(), UNRESOLVED.as_ptr(), Some(fill));
        if module.is_null() {
            return false;
        }
        let known = module_def::is_layout_known(vm.ctx(), module, Some(fill));
        (*host).knows_module_def.set(known);
        qjs::JS_ResolveModule(vm.ctx(), module_value(module)) == 0
    }
}

fn module_value(module: *mut qjs::JSModuleDef) -> qjs::JSValue {
    qjs::JS_MKPTR(qjs::JS_TAG_MODULE, module.cast())
}

unsafe extern "C" fn normalize(
    ctx: *mut qjs::JSContext,
    base: *const c_char,
    name: *const c_char,
    attributes: qjs::JSValue,
    opaque: *mut c_void,
) -> *mut c_char {
    // SAFETY: QuickJS passes a live context, NUL-terminated names, and the opaque pointer of `install`; the attributes
    // are borrowed for the call.
    let (vm, host, base, name) = unsafe {
        (
            Vm::of_callback(ctx),
            &*opaque.cast::<Host>(),
            CStr::from_ptr(base).to_string_lossy(),
            CStr::from_ptr(name).to_string_lossy(),
        )
    };
    if host.reads_bytecode.get() {
        return copy_name(&vm, UNRESOLVED.to_bytes());
    }
    // SAFETY: as above.
    let attributes = unsafe { vm.share_value(attributes) };
    let resolved = vm.guarded("resolving a module", || {
        if attributes.is_object() {
            check_attributes(&vm, host, &base, &attributes)?;
        }
        let id = host.resolve(&name, &base, How::Import);
        let id = id.or_else(|error| Err(Thrown(load_error(&vm, &error)?)))?;
        let mut graph = host.graph.borrow_mut();
        if let Some(failure) = graph.failure(&id) {
            return Err(Thrown(vm.kept(failure)));
        }
        graph.import(&base, &id, host.loaded.borrow().contains_key(&id));
        Ok(id)
    });
    match resolved {
        Ok(id) => copy_name(&vm, id.as_bytes()),
        Err(Thrown(error)) => {
            vm.throw(error);
            ptr::null_mut()
        }
    }
}

/// A copy of a module's name for QuickJS to free; null with an exception pending.
fn copy_name(vm: &Vm, name: &[u8]) -> *mut c_char {
    // SAFETY: js_malloc gives room for the text and its NUL, or null with an exception pending.
    unsafe {
        let copy = qjs::js_malloc(vm.ctx(), super::size(name.len() + 1)).cast::<u8>();
        if !copy.is_null() {
            ptr::copy_nonoverlapping(name.as_ptr(), copy, name.len());
            *copy.add(name.len()) = 0;
        }
        copy.cast()
    }
}

/// Refuses attributes that Node does not know, and notes that `importer` has some.
fn check_attributes<'vm>(
    vm: &'vm Vm,
    host: &Host,
    importer: &str,
    attributes: &Local<'vm>,
) -> Result<(), Thrown<'vm>> {
    let pairs: BTreeMap<String, String> =
        serde_json::from_str(&attributes.to_json()?).unwrap_or_default();
    for (name, value) in &pairs {
        if name != "type" || value != "json" {
            let message = format!(
                "Import attribute \"{name}\" with value \"{value}\" is not supported (imported by {importer}): \
                 the one there is is \"type\" with value \"json\""
            );
            let code = Some("ERR_IMPORT_ATTRIBUTE_UNSUPPORTED");
            let error = LoadError { name: "TypeError", code, message };
            return Err(Thrown(load_error(vm, &error)?));
        }
    }
    if !pairs.is_empty() {
        host.with_attributes.borrow_mut().insert(importer.to_owned());
    }
    Ok(())
}

/// The JavaScript error of a load error.
pub(super) fn load_error<'vm>(vm: &'vm Vm, error: &LoadError) -> JsResult<'vm> {
    let value = vm.error(error.name, &error.message)?;
    if let Some(code) = error.code {
        value.set(c"code", vm.string(code)?)?;
    }
    Ok(value)
}

unsafe extern "C" fn load(
    ctx: *mut qjs::JSContext,
    name: *const c_char,
    opaque: *mut c_void,
    attributes: qjs::JSValue,
) -> *mut qjs::JSModuleDef {
    // SAFETY: as in `normalize`; the attributes are borrowed from QuickJS for the call.
    let (vm, host, id) = unsafe {
        (
            Vm::of_callback(ctx),
            &*opaque.cast::<Host>(),
            CStr::from_ptr(name).to_string_lossy().into_owned(),
        )
    };
    // SAFETY: as above.
    let attributes = unsafe { vm.share_value(attributes) };
    let loaded = vm.guarded("loading a module", || load_module(&vm, host, &id, Some(&attributes)));
    match loaded {
        Ok(EsModule(module)) => module.as_ptr(),
        Err(Thrown(error)) => {
            vm.throw(error);
            ptr::null_mut()
        }
    }
}

/// Loads a module that is not in the VM's table yet, with all that it imports.
fn load_module<'vm>(
    vm: &'vm Vm,
    host: &Host,
    id: &str,
    attributes: Option<&Local<'vm>>,
) -> Result<EsModule, Thrown<'vm>> {
    if let Some(attributes) = attributes
        && attributes.is_object()
    {
        check_type(vm, host, id, attributes)?;
    }
    host.graph.borrow_mut().begin_load(id);
    let result = vm.guarded("loading a module", || make_module(vm, host, id));
    // A later import throws the same.
    let failure = result.as_ref().err().map(|Thrown(error)| vm.keep(error.clone()));
    host.graph.borrow_mut().end_load(id, failure);
    if let Ok(module) = &result {
        // Never replaced: a JSON module that is also imported without attributes is there twice, and of what is
        // noted after a snapshot a restore forgets what is new.
        host.loaded.borrow_mut().entry(id.to_owned()).or_insert(*module);
    }
    result
}

/// Refuses a module that is not of the type that its importer says. That is the importer's fault: nothing is noted of the
/// module.
fn check_type<'vm>(
    vm: &'vm Vm,
    host: &Host,
    id: &str,
    attributes: &Local<'vm>,
) -> Result<(), Thrown<'vm>> {
    if attributes.get(c"type")?.as_string().as_deref() != Some("json") {
        return Ok(());
    }
    // What cannot be loaded fails as it would without attributes.
    let is_builtin = host.builtin_source(id).is_some();
    let loaded = if is_builtin { None } else { host.load(id).ok() };
    if is_builtin || loaded.as_ref().is_some_and(|loaded| loaded.kind != ModuleKind::Json) {
        let message = format!("Module \"{id}\" is not of type \"json\"");
        let code = Some("ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE");
        let error = LoadError { name: "TypeError", code, message };
        return Err(Thrown(load_error(vm, &error)?));
    }
    if let Some(loaded) = loaded {
        host.preload(id, loaded);
    }
    Ok(())
}

fn make_module<'vm>(vm: &'vm Vm, host: &Host, id: &str) -> Result<EsModule, Thrown<'vm>> {
    if host.builtin_source(id).is_some() {
        let exports = Hook::RequireBuiltin.call(vm, host, &[&vm.string(id)?])?;
        return synthetic(vm, host, id, &exports);
    }
    let loaded = match host.load(id) {
        Ok(loaded) => loaded,
        Err(error) => return Err(Thrown(load_error(vm, &error)?)),
    };
    let kind = loaded.kind;
    match kind {
        ModuleKind::EsModule => compile(vm, host, id, loaded),
        ModuleKind::CommonJs | ModuleKind::Json => {
            host.preload(id, loaded);
            let exports = Hook::RequireForImport.call(vm, host, &[&vm.string(id)?])?;
            synthetic(vm, host, id, &exports)
        }
    }
}

fn compile<'vm>(
    vm: &'vm Vm,
    host: &Host,
    id: &str,
    loaded: Loaded,
) -> Result<EsModule, Thrown<'vm>> {
    let value = match &loaded.code {
        Code::Source(source) => {
            let name = c_string(vm, id)?;
            let flags = qjs::JS_EVAL_TYPE_MODULE | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
            // Compiling also loads what the module imports.
            let compile = |source: &str| vm.eval(&name, &[source], flags, 1);
            let value = or_mended(vm, host, id, source, compile)?;
            // Bytecode does not hold the attributes of imports.
            if !host.with_attributes.borrow().contains(id)
                && let Some(bytecode) = vm.write_bytecode(&value)
            {
                host.modules.keep_bytecode(id, &bytecode);
            }
            value
        }
        Code::Bytecode(bytecode) => {
            let value = vm.read_bytecode(host, bytecode)?;
            // SAFETY: a live value; JS_ResolveModule borrows it, and loads what the module imports.
            if unsafe { qjs::JS_ResolveModule(vm.ctx(), value.raw()) } < 0 {
                return Err(vm.thrown());
            }
            value
        }
    };
    // SAFETY: a value with the module tag points to the module.
    let module = unsafe {
        let is_module = qjs::JS_VALUE_GET_TAG(value.raw()) == qjs::JS_TAG_MODULE;
        is_module.then(|| NonNull::new(qjs::JS_VALUE_GET_PTR(value.raw()).cast())).flatten()
    };
    let Some(module) = module else {
        let message = format!("the bytecode of {id} is not that of an ES module");
        return Err(Thrown(vm.error("Error", &message)?));
    };
    // SAFETY: module and ctx are live; the meta object is handed over.
    let meta = unsafe { vm.take(qjs::JS_GetImportMeta(vm.ctx(), module.as_ptr()))? };
    Hook::InitMeta.call(vm, host, &[&meta, &vm.string(id)?])?;
    Ok(EsModule(module))
}

/// Compiles a module; where a regular expression keeps it from that, once more with that mended, or with its place in the
/// error.
pub(super) fn or_mended<'vm, T>(
    vm: &'vm Vm,
    host: &Host,
    id: &str,
    source: &str,
    compile: impl Fn(&str) -> Result<T, Thrown<'vm>>,
) -> Result<T, Thrown<'vm>> {
    let Thrown(error) = match compile(source) {
        Ok(compiled) => return Ok(compiled),
        Err(thrown) => thrown,
    };
    let is_of_syntax = error.is_object()
        && error.get(c"name")?.as_string().as_deref() == Some("SyntaxError")
        && !error.get(c"message")?.as_string().is_some_and(|message| message.contains(".\n"));
    if !is_of_syntax {
        return Err(Thrown(error));
    }
    let compiles = |source: &str, flags: &str| match vm.regexp(source, flags) {
        Ok(_) => Ok(()),
        Err(Thrown(error)) => Err(error
            .is_object()
            .then(|| error.get(c"message").ok()?.as_string())
            .flatten()
            .unwrap_or_default()),
    };
    match host.modules.mended_regexps(id, source, &compiles) {
        None => Err(Thrown(error)),
        Some(Ok(mended)) => compile(&mended),
        Some(Err(failure)) => Err(Thrown(load_error(vm, &failure)?)),
    }
}

fn c_string<'vm>(vm: &'vm Vm, id: &str) -> Result<CString, Thrown<'vm>> {
    match CString::new(id) {
        Ok(name) => Ok(name),
        Err(_) => Err(Thrown(vm.error("Error", &format!("module id {id:?} holds a NUL"))?)),
    }
}

/// A module whose exports are the properties of `exports`, with `exports` itself as the default.
fn synthetic<'vm>(
    vm: &'vm Vm,
    host: &Host,
    id: &str,
    exports: &Local<'vm>,
) -> Result<EsModule, Thrown<'vm>> {
    // Pairs of names and values in one array: the values are those of now, as in Node.
    let pairs = Hook::ExportsOf.call(vm, host, &[exports])?;
    let name = c_string(vm, id)?;
    // SAFETY: plain construction; the module's table keeps it.
    let module = NonNull::new(unsafe { qjs::JS_NewCModule(vm.ctx(), name.as_ptr(), Some(fill)) });
    let Some(module) = module else { return Err(vm.thrown()) };
    for name in names(&pairs)? {
        // SAFETY: module is live, the name is copied.
        if unsafe { qjs::JS_AddModuleExport(vm.ctx(), module.as_ptr(), name.as_ptr()) } < 0 {
            return Err(vm.thrown());
        }
    }
    // SAFETY: JS_SetModulePrivateValue consumes the reference.
    unsafe { qjs::JS_SetModulePrivateValue(vm.ctx(), module.as_ptr(), pairs.into_raw()) };
    Ok(EsModule(module))
}

/// The names of `[[name, …], [value, …]]`. A name that holds a NUL cannot be exported and is left out.
fn names<'vm>(pairs: &Local<'vm>) -> Result<Vec<CString>, Thrown<'vm>> {
    let text = pairs.get(c"names")?.as_string().unwrap_or_default();
    let names: Vec<String> = serde_json::from_str(&text).unwrap_or_default();
    Ok(names.into_iter().filter_map(|name| CString::new(name).ok()).collect())
}

/// Evaluates a synthetic module: sets its exports.
unsafe extern "C" fn fill(ctx: *mut qjs::JSContext, module: *mut qjs::JSModuleDef) -> c_int {
    // SAFETY: QuickJS passes live pointers; the private value was set by `synthetic`.
    let vm = unsafe { Vm::of_callback(ctx) };
    // SAFETY: as above; JS_GetModulePrivateValue hands its reference over.
    let pairs = unsafe { Local::new(&vm, qjs::JS_GetModulePrivateValue(ctx, module)) };
    let set = vm.guarded("evaluating a module", || {
        // The one for imports that are not resolved yet exports nothing.
        if !pairs.is_object() {
            return Ok(());
        }
        let values = pairs.get(c"values")?;
        for name in names(&pairs)? {
            let value = values.get(&name)?;
            // SAFETY: consumes the reference to the value.
            unsafe { qjs::JS_SetModuleExport(ctx, module, name.as_ptr(), value.into_raw()) };
        }
        Ok(())
    });
    match set {
        Ok(()) => 0,
        Err(Thrown(error)) => {
            vm.throw(error);
            -1
        }
    }
}

/// `require` of an ES module: its namespace, if its evaluation ends without waiting.
pub(super) fn require<'vm>(vm: &'vm Vm, host: &Host, id: &str) -> JsResult<'vm> {
    let failure = host.graph.borrow().failure(id);
    if let Some(failure) = failure {
        return Err(Thrown(vm.kept(failure)));
    }
    if host.graph.borrow().is_loading(id) {
        return Err(Thrown(load_error(vm, &in_a_cycle(id, id))?));
    }
    let known = host.loaded.borrow().get(id).copied();
    clear_waiting(host);
    host.graph.borrow_mut().begin_root(id, false);
    let result = match known {
        Some(module) => evaluate(vm, host, id, module),
        None => load_module(vm, host, id, None).and_then(|module| evaluate(vm, host, id, module)),
    };
    let ended = host.graph.borrow_mut().end_root();
    watch_waiting(host, &ended);
    result
}

fn in_a_cycle(id: &str, obstacle: &str) -> LoadError {
    let message = if obstacle == id {
        format!("Cannot require() ES module {id} while it is being evaluated")
    } else {
        format!("Cannot require() ES module {id} in a cycle: {obstacle} is being evaluated")
    };
    LoadError { name: "Error", code: Some("ERR_REQUIRE_CYCLE_MODULE"), message }
}

/// The promise of a module's evaluation, which begins unless it has begun before.
///
/// # Safety
/// No module that it reaches may be in the middle of being linked or evaluated, which QuickJS takes for granted.
unsafe fn evaluation<'vm>(vm: &'vm Vm, EsModule(module): EsModule) -> JsResult<'vm> {
    // SAFETY: the module is in the VM's table; JS_EvalFunction consumes the reference that is added. The rest is the
    // caller's.
    unsafe {
        let value = qjs::JS_DupValue(vm.ctx(), module_value(module.as_ptr()));
        vm.take(qjs::JS_EvalFunction(vm.ctx(), value))
    }
}

/// Notes that no JavaScript is on the stack any more. To be called after each job.
pub(in crate::isolate) fn end_job(host: &Host) {
    let ended = host.graph.borrow_mut().end_job();
    for evaluated in ended {
        watch_waiting(host, &evaluated);
    }
    clear_waiting(host);
}

/// Takes note of the modules that are evaluated but wait for something: see [`module_def`].
fn watch_waiting(host: &Host, evaluated: &HashSet<String>) {
    if !host.knows_module_def.get() {
        return;
    }
    let loaded = host.loaded.borrow();
    let modules = evaluated.iter().filter_map(|id| loaded.get(id));
    // SAFETY: the modules are in the VM's table, and their layout is known.
    let waiting = modules.filter(|module| unsafe { module_def::waits(module.0.as_ptr()) });
    host.waiting.borrow_mut().extend(waiting.copied());
}

/// Has those no longer wait that are evaluated by now.
fn clear_waiting(host: &Host) {
    let mut waiting = host.waiting.borrow_mut();
    if !waiting.is_empty() {
        // SAFETY: the modules are in the VM's table: a restore forgets those that are not. The mark is QuickJS's only
        // while it evaluates, and this is called between jobs or where a native function has been called.
        waiting.retain(|module| unsafe { !module_def::clear_if_evaluated(module.0.as_ptr()) });
    }
}

fn evaluate<'vm>(vm: &'vm Vm, host: &Host, id: &str, module: EsModule) -> JsResult<'vm> {
    let obstacle = host.graph.borrow_mut().evaluate_root(id);
    if let Some(obstacle) = obstacle {
        return Err(Thrown(load_error(vm, &in_a_cycle(id, &obstacle))?));
    }
    if awaits(host, id) {
        return Err(Thrown(load_error(vm, &asynchronous(id))?));
    }
    // SAFETY: no module that it reaches is being linked or evaluated, as was just asked.
    let promise = unsafe { evaluation(vm, module)? };
    let EsModule(module) = module;
    match promise.promise_state() {
        // SAFETY: the namespace is handed over.
        Some(PromiseState::Fulfilled(_)) => unsafe {
            vm.take(qjs::JS_GetModuleNamespace(vm.ctx(), module.as_ptr()))
        },
        Some(PromiseState::Rejected(reason)) => {
            Hook::Rejection.call(vm, host, &[&promise, &vm.undefined(), &vm.boolean(true)])?;
            Err(Thrown(reason))
        }
        _ => Err(Thrown(load_error(vm, &asynchronous(id))?)),
    }
}

/// Whether a module, or one that it imports, has an `await` at its top level.
fn awaits(host: &Host, id: &str) -> bool {
    let loaded = host.loaded.borrow();
    let modules = host.graph.borrow().closure(id);
    // SAFETY: the modules are in the VM's table, and their layout is known.
    let awaits = |module: &EsModule| unsafe { module_def::awaits(module.0.as_ptr()) };
    host.knows_module_def.get() && modules.iter().filter_map(|id| loaded.get(id)).any(awaits)
}

fn asynchronous(id: &str) -> LoadError {
    let message = format!(
        "require() cannot be used on ES module {id}: it, or a module it imports, awaits at its top level. Use import() instead"
    );
    LoadError { name: "Error", code: Some("ERR_REQUIRE_ASYNC_MODULE"), message }
}
