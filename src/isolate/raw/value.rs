//! JavaScript values with their reference counts in order.

use std::{cell::RefCell, ffi::CStr};

use rquickjs::qjs;

use super::Vm;
use crate::isolate::{call::Argument, op::OpValue};

/// A JavaScript value that this side holds one reference to, for no longer than the borrow of the VM: it
/// cannot outlive a call into the VM's owner that restores the snapshot.
pub(in crate::isolate) struct Local<'vm> {
    vm: &'vm Vm,
    value: qjs::JSValue,
}

/// A value that Rust keeps across calls, by its place among the [`KeptValues`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::isolate) struct Kept(usize);

#[cfg(test)]
impl Kept {
    pub(in crate::isolate) fn never_read() -> Kept {
        Kept(usize::MAX)
    }
}

/// The values that Rust keeps, with one reference each that is never given back. A restore forgets those that were kept
/// since its snapshot: what remains is in the VM's memory again.
#[derive(Default)]
pub(in crate::isolate) struct KeptValues(RefCell<Vec<qjs::JSValue>>);

impl KeptValues {
    pub(in crate::isolate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Forgets all but the first ones.
    pub(in crate::isolate) fn truncate(&self, length: usize) {
        self.0.borrow_mut().truncate(length);
    }
}

impl Vm {
    /// Keeps a value until a restore goes back to a time before.
    pub(in crate::isolate) fn keep(&self, value: Local<'_>) -> Kept {
        assert!(value.is_of(self), "a value of another VM");
        let mut values = self.host().kept_values.0.borrow_mut();
        values.push(value.into_raw());
        Kept(values.len() - 1)
    }

    /// The value; undefined once it is forgotten.
    pub(in crate::isolate) fn kept(&self, kept: Kept) -> Local<'_> {
        let value = self.host().kept_values.0.borrow().get(kept.0).copied();
        // SAFETY: the reference that `keep` took over is never given back, and the VM's memory is not of a time before
        // it: see `KeptValues`.
        value.map_or_else(|| self.undefined(), |value| unsafe { self.share_value(value) })
    }

    /// The JavaScript value of an argument.
    pub(in crate::isolate) fn argument(&self, argument: &Argument<'_>) -> JsResult<'_> {
        match argument {
            Argument::Undefined => Ok(self.undefined()),
            Argument::Null => Ok(self.null()),
            Argument::Bool(value) => Ok(self.boolean(*value)),
            Argument::Number(value) => Ok(self.number(*value)),
            Argument::Text(text) => self.string(text),
            Argument::Json(json) => self.parse_json(json),
        }
    }
}

/// A promise, looked at.
pub(in crate::isolate) enum PromiseState<'vm> {
    Pending,
    Fulfilled(Local<'vm>),
    Rejected(Local<'vm>),
}

/// What a call into JavaScript threw.
pub(in crate::isolate) struct Thrown<'vm>(pub(in crate::isolate) Local<'vm>);

/// The outcome of a call into JavaScript.
pub(in crate::isolate) type JsResult<'vm> = Result<Local<'vm>, Thrown<'vm>>;

impl Drop for Local<'_> {
    fn drop(&mut self) {
        // SAFETY: `new` took over one reference to a value of this VM, and the borrow keeps the VM (and the
        // arena's state) in place since.
        unsafe { qjs::JS_FreeValue(self.vm.ctx(), self.value) }
    }
}

impl Clone for Local<'_> {
    fn clone(&self) -> Self {
        // SAFETY: a value that is held.
        unsafe { self.vm.share_value(self.value) }
    }
}

impl<'vm> Local<'vm> {
    /// Takes over one reference.
    ///
    /// # Safety
    /// `value` must be a live value of `vm` (no exception mark) whose reference nobody else will free.
    pub(super) unsafe fn new(vm: &'vm Vm, value: qjs::JSValue) -> Local<'vm> {
        Local { vm, value }
    }

    /// Whether this is a value of `vm`: one of another must not get into it.
    fn is_of(&self, vm: &Vm) -> bool {
        self.vm.rt == vm.rt
    }

    /// The value, still owned by `self`.
    pub(super) fn raw(&self) -> qjs::JSValue {
        self.value
    }

    /// Gives the reference away.
    pub(super) fn into_raw(self) -> qjs::JSValue {
        let value = self.value;
        std::mem::forget(self);
        value
    }

    pub(in crate::isolate) fn is_null(&self) -> bool {
        // SAFETY: reads the tag of a value that is held.
        unsafe { qjs::JS_IsNull(self.value) }
    }

    pub(in crate::isolate) fn is_object(&self) -> bool {
        // SAFETY: reads the tag of a value that is held.
        unsafe { qjs::JS_IsObject(self.value) }
    }

    /// The text of a string. Other values, which would run user code to convert, are `None`.
    pub(in crate::isolate) fn as_string(&self) -> Option<String> {
        // SAFETY: reads the tag of a value that is held; `string_of` asks for a string or an object.
        unsafe { qjs::JS_IsString(self.value) }.then(|| self.vm.string_of(self.value))?
    }

    pub(in crate::isolate) fn as_number(&self) -> Option<f64> {
        // SAFETY: reads the tag, then the field that the tag tells of.
        unsafe {
            let tag = qjs::JS_VALUE_GET_TAG(self.value);
            if tag == qjs::JS_TAG_INT {
                Some(f64::from(qjs::JS_VALUE_GET_INT(self.value)))
            } else if qjs::JS_TAG_IS_FLOAT64(tag) {
                Some(qjs::JS_VALUE_GET_FLOAT64(self.value))
            } else {
                None
            }
        }
    }

    /// The state of a native promise; `None` for every other value.
    pub(in crate::isolate) fn promise_state(&self) -> Option<PromiseState<'vm>> {
        // SAFETY: the value is held; JS_PromiseResult hands a reference over.
        unsafe {
            let result = || Local::new(self.vm, qjs::JS_PromiseResult(self.vm.ctx(), self.value));
            match qjs::JS_PromiseState(self.vm.ctx(), self.value) {
                qjs::JSPromiseStateEnum_JS_PROMISE_PENDING => Some(PromiseState::Pending),
                qjs::JSPromiseStateEnum_JS_PROMISE_FULFILLED => {
                    Some(PromiseState::Fulfilled(result()))
                }
                qjs::JSPromiseStateEnum_JS_PROMISE_REJECTED => {
                    Some(PromiseState::Rejected(result()))
                }
                _ => None,
            }
        }
    }

    /// The target and handler of a proxy, `None` for every other value; one that was revoked throws.
    pub(in crate::isolate) fn proxy_parts(
        &self,
    ) -> Option<Result<(Local<'vm>, Local<'vm>), Thrown<'vm>>> {
        // SAFETY: the value is held; `take` owns the results.
        unsafe {
            let ctx = self.vm.ctx();
            qjs::JS_IsProxy(self.value).then(|| {
                let target = self.vm.take(qjs::JS_GetProxyTarget(ctx, self.value))?;
                Ok((target, self.vm.take(qjs::JS_GetProxyHandler(ctx, self.value))?))
            })
        }
    }

    /// The JSON text of the value; of what is not JSON, such as `undefined`, the empty text.
    pub(in crate::isolate) fn to_json(&self) -> Result<String, Thrown<'vm>> {
        // SAFETY: the value is held; `take` owns the result.
        let text = unsafe {
            let undefined = qjs::JS_UNDEFINED;
            self.vm.take(qjs::JS_JSONStringify(self.vm.ctx(), self.value, undefined, undefined))?
        };
        Ok(text.as_string().unwrap_or_default())
    }

    pub(in crate::isolate) fn is_undefined(&self) -> bool {
        // SAFETY: reads the tag of a value that is held.
        unsafe { qjs::JS_IsUndefined(self.value) }
    }

    /// Whether this is `true` itself.
    pub(in crate::isolate) fn is_true(&self) -> bool {
        // SAFETY: reads the tag, then the field that the tag tells of.
        unsafe { qjs::JS_IsBool(self.value) && qjs::JS_VALUE_GET_BOOL(self.value) }
    }

    /// The plain value, copied; `None` for anything that is not plain data.
    pub(super) fn to_op_value(&self) -> Option<OpValue> {
        // SAFETY: reads tags of a value that is held.
        let (is_nullish, is_bool, is_string, is_object) = unsafe {
            (
                qjs::JS_IsNull(self.value) || qjs::JS_IsUndefined(self.value),
                qjs::JS_IsBool(self.value),
                qjs::JS_IsString(self.value),
                qjs::JS_IsObject(self.value),
            )
        };
        if let Some(number) = self.as_number() {
            Some(OpValue::Number(number))
        } else if is_nullish {
            Some(OpValue::Null)
        } else if is_bool {
            Some(OpValue::Bool(self.is_true()))
        } else if is_string {
            self.vm.string_of(self.value).map(OpValue::Text)
        } else if is_object {
            self.bytes().map(OpValue::Bytes)
        } else {
            None
        }
    }

    /// A copy of what a `Uint8Array` or an `ArrayBuffer` holds.
    fn bytes(&self) -> Option<Vec<u8>> {
        let mut length = 0;
        // SAFETY: the value is a live object of the kind that each function asks for; the bytes are copied
        // before anything else can run. A null pointer with no exception is an empty buffer.
        unsafe {
            let start = if qjs::JS_IsArrayBuffer(self.value) {
                qjs::JS_GetArrayBuffer(self.vm.ctx(), &mut length, self.value)
            } else if qjs::JS_GetTypedArrayType(self.value)
                == qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8 as i32
            {
                qjs::JS_GetUint8Array(self.vm.ctx(), &mut length, self.value)
            } else {
                return None;
            };
            if qjs::JS_HasException(self.vm.ctx()) {
                drop(self.vm.thrown());
                return None;
            }
            if start.is_null() {
                return Some(Vec::new());
            }
            Some(std::slice::from_raw_parts(start, length as usize).to_vec())
        }
    }

    /// Own or inherited property; a getter that throws gives its exception.
    pub(in crate::isolate) fn get(&self, name: &CStr) -> JsResult<'vm> {
        // SAFETY: ctx and value are live, the name is NUL-terminated; `take` owns the result.
        unsafe { self.vm.take(qjs::JS_GetPropertyStr(self.vm.ctx(), self.value, name.as_ptr())) }
    }

    /// Sets an own property.
    pub(in crate::isolate) fn set(
        &self,
        name: &CStr,
        value: Local<'vm>,
    ) -> Result<(), Thrown<'vm>> {
        self.define(name, value, qjs::JS_PROP_ENUMERABLE)
    }

    /// Sets an own property that is not enumerated.
    pub(super) fn set_hidden(&self, name: &CStr, value: Local<'vm>) -> Result<(), Thrown<'vm>> {
        self.define(name, value, 0)
    }

    fn define(&self, name: &CStr, value: Local<'vm>, enumerable: u32) -> Result<(), Thrown<'vm>> {
        assert!(value.is_of(self.vm), "a value of another VM");
        // SAFETY: as `get`; JS_DefinePropertyValueStr consumes the reference to the new value.
        let status = unsafe {
            qjs::JS_DefinePropertyValueStr(
                self.vm.ctx(),
                self.value,
                name.as_ptr(),
                value.into_raw(),
                (qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_WRITABLE | enumerable) as i32,
            )
        };
        if status < 0 { Err(self.vm.thrown()) } else { Ok(()) }
    }

    /// Whether both are the same value, as `===` has it.
    pub(in crate::isolate) fn is_same(&self, other: &Local<'_>) -> bool {
        // SAFETY: both values are held.
        unsafe { qjs::JS_IsStrictEqual(self.vm.ctx(), self.value, other.value) }
    }

    /// Calls this function.
    pub(in crate::isolate) fn call(&self, this: &Local<'_>, args: &[&Local<'_>]) -> JsResult<'vm> {
        assert!(
            this.is_of(self.vm) && args.iter().all(|arg| arg.is_of(self.vm)),
            "a value of another VM"
        );
        let mut args: Vec<qjs::JSValue> = args.iter().map(|arg| arg.value).collect();
        // SAFETY: function, receiver and arguments are held during the call; JS_Call borrows them.
        unsafe {
            let length = args.len() as i32;
            self.vm.take(qjs::JS_Call(
                self.vm.ctx(),
                self.value,
                this.value,
                length,
                args.as_mut_ptr(),
            ))
        }
    }
}
