//! Sessions by name, each with a guard, a disposable VM, and a durable record.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use tokio::sync::OwnedMutexGuard;

use super::{Session, SessionOptions};

/// How much a table keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLimits {
    /// How many VMs are kept warm. More may live for a time: one in use is never evicted.
    pub warm_vms: usize,
    /// After how long without use a session ends; looked at on each acquire.
    pub idle: Duration,
}

impl Default for TableLimits {
    /// 64 VMs, 30 minutes.
    fn default() -> Self {
        Self { warm_vms: 64, idle: Duration::from_secs(30 * 60) }
    }
}

/// What the VMs of a table come from.
pub trait Engine {
    /// A VM.
    type Vm;
}

/// Named sessions, made when they are first acquired.
///
/// The table is `Send` and `Sync` if the engine is both and its VM is `Send`; with a VM bound to its thread, so is the
/// table. Dropping the table ends every session; [`SessionTable::clear`] and [`SessionTable::shutdown`] do so too and
/// tell of what could not be killed.
pub struct SessionTable<E: Engine> {
    engine: E,
    slots: DashMap<String, Arc<Slot<E::Vm>>>,
    options: SessionOptions,
    limits: TableLimits,
    /// Counts uses, for the order of eviction.
    uses: AtomicU64,
}

struct Slot<V> {
    session: Arc<Session>,
    /// The guard of the session, and what it guards.
    heavy: Arc<tokio::sync::Mutex<Heavy<V>>>,
    /// Whether there is a VM: readable while the slot is in use.
    live: AtomicBool,
    last_use: Mutex<(u64, Instant)>,
}

struct Heavy<V> {
    vm: Option<V>,
    epoch: Option<u64>,
}

impl<E: Engine> SessionTable<E> {
    /// An empty table.
    pub fn new(engine: E, options: SessionOptions, limits: TableLimits) -> Self {
        Self { engine, slots: DashMap::new(), options, limits, uses: AtomicU64::new(0) }
    }

    /// The session of that name, made if missing, for as long as the guard lives: a second call waits for the first.
    /// Holding one and acquiring the same name waits for ever.
    pub async fn acquire(&self, name: &str) -> SessionGuard<'_, E> {
        self.end_idle();
        loop {
            let slot = self.slot(name);
            let heavy = Arc::clone(&slot.heavy).lock_owned().await;
            // Removed while this call waited: take the one that replaces it.
            if slot.session.has_ended() {
                self.slots.remove_if(name, |_, other| Arc::ptr_eq(other, &slot));
                continue;
            }
            slot.touch(&self.uses);
            self.evict();
            return SessionGuard { table: self, slot, heavy };
        }
    }

    /// The durable part of the session of that name, made if missing. Takes no guard: what is in it has locks of its
    /// own, so that it may be used while a call into the session runs.
    pub fn session(&self, name: &str) -> Arc<Session> {
        let slot = self.slot(name);
        slot.touch(&self.uses);
        Arc::clone(&slot.session)
    }

    /// Ends a session at once, in use or not. False: there was none of that name.
    ///
    /// Blocks until its processes are gone. A VM in use goes when its guard does.
    pub fn remove(&self, name: &str) -> bool {
        // Who survived is told by `Session::end`; here the record is gone either way.
        self.slots.remove(name).is_some_and(|(_, slot)| {
            let _ = slot.session.end();
            true
        })
    }

    /// Ends every session, as [`SessionTable::remove`] does. Errors: the first process that could not be killed.
    pub fn clear(&self) -> Result<(), super::CommandError> {
        let slots: Vec<_> = self.slots.iter().map(|slot| Arc::clone(&slot)).collect();
        self.slots.clear();
        slots.iter().map(|slot| slot.session.end()).fold(Ok(()), Result::and)
    }

    /// The same without blocking the thread.
    pub async fn shutdown(&self) -> Result<(), super::CommandError> {
        let slots: Vec<_> = self.slots.iter().map(|slot| Arc::clone(&slot)).collect();
        self.slots.clear();
        let ends = slots.iter().map(|slot| slot.session.shutdown());
        futures::future::join_all(ends).await.into_iter().fold(Ok(()), Result::and)
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many of them have a VM.
    pub fn live_vm_count(&self) -> usize {
        self.slots.iter().filter(|slot| slot.live.load(Ordering::Acquire)).count()
    }

    fn slot(&self, name: &str) -> Arc<Slot<E::Vm>> {
        let entry = self.slots.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Slot {
                session: Arc::new(Session::new(&self.options)),
                heavy: Arc::new(tokio::sync::Mutex::new(Heavy { vm: None, epoch: None })),
                live: AtomicBool::new(false),
                last_use: Mutex::new((self.uses.load(Ordering::Relaxed), Instant::now())),
            })
        });
        Arc::clone(&entry)
    }

    /// Ends the sessions that were not used for the time to live.
    fn end_idle(&self) {
        let idle = |slot: &Slot<E::Vm>| slot.last_use().1.elapsed() > self.limits.idle;
        let candidates: Vec<_> = self
            .slots
            .iter()
            .filter(|slot| idle(slot))
            .map(|slot| (slot.key().clone(), Arc::clone(&slot)))
            .collect();
        for (name, slot) in candidates {
            // Held while it ends: whoever acquires it now finds it ended and makes a new one.
            let Ok(_unused) = slot.heavy.try_lock() else { continue };
            if idle(&slot) {
                self.slots.remove_if(&name, |_, other| Arc::ptr_eq(other, &slot));
                let _ = slot.session.end();
            }
        }
    }

    /// Drops the VMs that were not used for longest, down to the cap; those in use are left.
    fn evict(&self) {
        let mut live: Vec<_> = self
            .slots
            .iter()
            .filter(|slot| slot.live.load(Ordering::Acquire))
            .map(|slot| Arc::clone(&slot))
            .collect();
        live.sort_by_key(|slot| slot.last_use().0);
        let mut surplus = live.len().saturating_sub(self.limits.warm_vms);
        for slot in live {
            if surplus == 0 {
                return;
            }
            if let Ok(mut heavy) = slot.heavy.try_lock() {
                heavy.vm = None;
                slot.live.store(false, Ordering::Release);
                surplus -= 1;
            }
        }
    }
}

impl<V> Slot<V> {
    fn touch(&self, uses: &AtomicU64) {
        let now = (uses.fetch_add(1, Ordering::Relaxed) + 1, Instant::now());
        *self.last_use.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn last_use(&self) -> (u64, Instant) {
        *self.last_use.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E: Engine> Drop for SessionTable<E> {
    fn drop(&mut self) {
        // Not left to the records: an op may hold one of them still.
        let _ = self.clear();
    }
}

impl<E: Engine> fmt::Debug for SessionTable<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionTable")
            .field("len", &self.len())
            .field("live_vms", &self.live_vm_count())
            .finish_non_exhaustive()
    }
}

/// Exclusive use of one session.
pub struct SessionGuard<'t, E: Engine> {
    table: &'t SessionTable<E>,
    slot: Arc<Slot<E::Vm>>,
    heavy: OwnedMutexGuard<Heavy<E::Vm>>,
}

impl<'t, E: Engine> SessionGuard<'t, E> {
    /// Where a VM comes from.
    pub fn engine(&self) -> &'t E {
        &self.table.engine
    }

    /// The durable part, which code that runs in the VM reaches as well.
    pub fn session(&self) -> &Arc<Session> {
        &self.slot.session
    }

    /// The VM, if it is there: it was put in and neither poisoned nor evicted since.
    pub fn vm(&mut self) -> Option<&mut E::Vm> {
        self.heavy.vm.as_mut()
    }

    /// Tells the generation of the outside resource that the caller uses. If the VM was used with another one it is
    /// dropped. `None` says nothing about the resource and drops nothing.
    pub fn enter_epoch(&mut self, epoch: Option<u64>) {
        let Some(epoch) = epoch else { return };
        if self.heavy.epoch.replace(epoch).is_some_and(|before| before != epoch) {
            self.set_vm(None);
        }
    }

    /// Puts a new VM in. Other VMs may be evicted for it.
    pub fn put_vm(&mut self, vm: E::Vm) -> &mut E::Vm {
        self.set_vm(None);
        self.slot.live.store(true, Ordering::Release);
        self.table.evict();
        self.heavy.vm.insert(vm)
    }

    /// Drops the VM after a timeout or out of memory. The durable part stays.
    pub fn poison(&mut self) {
        self.set_vm(None);
    }

    fn set_vm(&mut self, vm: Option<E::Vm>) {
        self.slot.live.store(vm.is_some(), Ordering::Release);
        self.heavy.vm = vm;
    }
}

impl<E: Engine> Drop for SessionGuard<'_, E> {
    fn drop(&mut self) {
        self.slot.touch(&self.table.uses);
        // While this was in use the table may have grown above its cap.
        self.table.evict();
    }
}

#[cfg(test)]
mod tests;
