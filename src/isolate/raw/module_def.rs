//! QuickJS's record of a module, for a mark that it forgets to reset and one that it does not tell.
//!
//! A module without `await` whose imports wait is evaluated once they are done, and stays marked as one that waits
//! (`async_evaluation`; the specification's [[AsyncEvaluationOrder]] becomes "done" there). Whatever imports it later
//! waits for it in vain: two step files that share a helper which imports a module with top-level `await` are enough.
//! Nothing in QuickJS's interface clears the mark. So it is done here, by a copy of the record's layout, which
//! [`is_layout_known`] compares with the engine's before it is relied on.

use std::ffi::{c_int, c_void};

use rquickjs::qjs;

/// `JSModuleStatus` of a module that was evaluated, well or not.
const EVALUATED: u8 = 5;

/// `struct JSModuleDef` of quickjs-ng 0.16.
#[repr(C)]
struct ModuleDef {
    module_name: qjs::JSAtom,
    link: [*mut c_void; 2],
    requests: List,
    exports: List,
    star_exports: List,
    imports: List,
    attributes: qjs::JSValue,
    namespace: qjs::JSValue,
    function: qjs::JSValue,
    init: qjs::JSModuleInitFunc,
    has_top_level_await: u8,
    is_resolved: u8,
    is_function_created: u8,
    status: u8,
    depth_first: [c_int; 2],
    stack_previous: *mut c_void,
    waiting_importers: List,
    pending_dependencies: c_int,
    waits: u8,
    order: i64,
    cycle_root: *mut c_void,
    promise: qjs::JSValue,
    resolving_functions: [qjs::JSValue; 2],
    has_failed: u8,
    error: qjs::JSValue,
    meta: qjs::JSValue,
    private_value: qjs::JSValue,
}

#[repr(C)]
struct List {
    items: *mut c_void,
    count: c_int,
    size: c_int,
}

/// Whether the engine's records are laid out as is assumed here.
///
/// # Safety
/// `module` must be a live module that was just made with `init` and has no private value; it has none afterwards.
pub(super) unsafe fn is_layout_known(
    ctx: *mut qjs::JSContext,
    module: *mut qjs::JSModuleDef,
    init: qjs::JSModuleInitFunc,
) -> bool {
    const MARK: i32 = 0x5EA1;
    // SAFETY: the module is live by the caller, and so is its memory and what follows it: see the arena. Fields of any
    // content are valid. The mark is not reference-counted.
    unsafe {
        let record = &*module.cast::<ModuleDef>();
        let before = (record.is_resolved, record.status, record.waits);
        qjs::JS_SetModulePrivateValue(ctx, module, qjs::JS_MKVAL(qjs::JS_TAG_INT, MARK));
        let record = &*module.cast::<ModuleDef>();
        // The last field and some in front of it are where they should be: so is what lies between.
        let has_mark = qjs::JS_VALUE_GET_TAG(record.private_value) == qjs::JS_TAG_INT
            && qjs::JS_VALUE_GET_INT(record.private_value) == MARK;
        let known = has_mark
            && record.init.map(|init| init as usize) == init.map(|init| init as usize)
            && qjs::JS_IsUndefined(record.promise)
            && qjs::JS_IsUndefined(record.meta)
            && before == (0, 0, 0)
            && record.cycle_root.is_null();
        qjs::JS_SetModulePrivateValue(ctx, module, qjs::JS_UNDEFINED);
        known
    }
}

/// Whether a module is marked as one that waits for what it imports, or for itself.
///
/// # Safety
/// `module` must be live, and the layout known.
pub(super) unsafe fn waits(module: *mut qjs::JSModuleDef) -> bool {
    // SAFETY: by the caller.
    unsafe { (*module.cast::<ModuleDef>()).waits != 0 }
}

/// Whether a module's own code awaits something at its top level.
///
/// # Safety
/// As of [`waits`].
pub(super) unsafe fn awaits(module: *mut qjs::JSModuleDef) -> bool {
    // SAFETY: by the caller.
    unsafe { (*module.cast::<ModuleDef>()).has_top_level_await != 0 }
}

/// Clears the mark of a module that was evaluated. False: it still is.
///
/// # Safety
/// As of [`waits`]; no JavaScript may run.
pub(super) unsafe fn clear_if_evaluated(module: *mut qjs::JSModuleDef) -> bool {
    // SAFETY: by the caller.
    let record = unsafe { &mut *module.cast::<ModuleDef>() };
    let is_evaluated = record.status == EVALUATED;
    if is_evaluated {
        record.waits = 0;
    }
    is_evaluated
}
