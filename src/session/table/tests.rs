use super::*;
use crate::session::Commands;
use futures::future::join;
use serde_json::json;
use std::cell::Cell;
use std::rc::Rc;

/// A VM that is bound to its thread and tells when it goes.
struct Vm(&'static str, Rc<Cell<usize>>);

impl Drop for Vm {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
    }
}

/// Tests make the VMs themselves.
struct By<V>(std::marker::PhantomData<V>);

impl<V> Engine for By<V> {
    type Vm = V;
}

fn table<V>(warm_vms: usize, idle: Duration) -> SessionTable<By<V>> {
    let options = SessionOptions::new(Arc::new(Commands::default()), "/");
    SessionTable::new(By(std::marker::PhantomData), options, TableLimits { warm_vms, idle })
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

const LONG: Duration = Duration::from_secs(3600);

#[test]
fn a_table_crosses_threads_if_its_vm_does() {
    fn crosses<T: Send + Sync>(_: &T) {}
    crosses(&table::<String>(1, LONG));
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    assert_eq!(
        TableLimits::default(),
        TableLimits { warm_vms: 64, idle: Duration::from_secs(1800) }
    );
}

#[test]
fn vars_survive_a_poisoned_vm_and_end_with_the_record() {
    run(async {
        let table = table::<u8>(4, LONG);
        let mut alice = table.acquire("alice").await;
        alice.session().vars().set("k", json!(1));
        *alice.put_vm(7) += 1;
        drop(alice);
        let mut alice = table.acquire("alice").await;
        assert_eq!(alice.vm(), Some(&mut 8));
        alice.poison();
        assert_eq!(table.live_vm_count(), 0);
        drop(alice);
        let mut alice = table.acquire("alice").await;
        assert_eq!(alice.vm(), None);
        assert_eq!(alice.session().vars().get("k"), Some(&json!(1)));
        drop(alice);
        assert!(!table.acquire("bob").await.session().vars().has("k"));
        assert_eq!(table.len(), 2);
        assert!(table.remove("alice"));
        assert!(!table.remove("alice"));
        assert!(!table.acquire("alice").await.session().vars().has("k"));
        table.clear().unwrap();
        assert!(table.is_empty());
    });
}

#[test]
fn another_epoch_drops_the_vm() {
    run(async {
        let table = table::<u8>(4, LONG);
        let mut guard = table.acquire("a").await;
        guard.enter_epoch(Some(1));
        guard.put_vm(7);
        guard.enter_epoch(Some(1));
        guard.enter_epoch(None);
        assert!(guard.vm().is_some());
        guard.enter_epoch(Some(2));
        assert!(guard.vm().is_none());
    });
}

#[test]
fn two_calls_into_one_session_never_overlap() {
    run(async {
        let table = table::<u8>(4, LONG);
        let inside = Cell::new(0);
        let call = || async {
            for _ in 0..20 {
                let guard = table.acquire("a").await;
                inside.set(inside.get() + 1);
                tokio::task::yield_now().await;
                assert_eq!(inside.get(), 1);
                inside.set(0);
                drop(guard);
            }
        };
        join(join(call(), call()), call()).await;
        assert_eq!(table.len(), 1);
    });
}

#[test]
fn sessions_of_two_names_are_used_at_a_time() {
    run(async {
        let table = table::<u8>(4, LONG);
        let _a = table.acquire("a").await;
        let _b = table.acquire("b").await;
        assert_eq!(table.len(), 2);
    });
}

#[test]
fn the_vm_that_was_not_used_for_longest_goes_but_none_in_use() {
    run(async {
        let gone = Rc::new(Cell::new(0));
        let table = table::<Vm>(2, LONG);
        let vm = |name| Vm(name, Rc::clone(&gone));
        table.acquire("a").await.put_vm(vm("a"));
        table.acquire("b").await.put_vm(vm("b"));
        drop(table.acquire("a").await);
        table.acquire("c").await.put_vm(vm("c"));
        assert_eq!((table.live_vm_count(), gone.get()), (2, 1));
        assert!(table.acquire("b").await.vm().is_none());
        assert_eq!(table.acquire("a").await.vm().map(|vm| vm.0), Some("a"));

        // All in use: the cap is soft, until one is free.
        let a = table.acquire("a").await;
        let c = table.acquire("c").await;
        let mut d = table.acquire("d").await;
        d.put_vm(vm("d"));
        assert_eq!(table.live_vm_count(), 3);
        drop(a);
        drop(c);
        drop(d);
        drop(table.acquire("b").await);
        assert_eq!(table.live_vm_count(), 2);
        assert!(table.acquire("a").await.vm().is_none());
    });
}

#[test]
fn an_idle_session_ends_on_the_next_acquire_but_none_in_use() {
    run(async {
        let table = table::<u8>(4, Duration::from_millis(1));
        let a = table.acquire("a").await;
        a.session().vars().set("k", json!(1));
        let b = table.acquire("b").await;
        let old = Arc::clone(b.session());
        drop(b);
        tokio::time::sleep(Duration::from_millis(20)).await;
        drop(table.acquire("c").await);
        assert!(old.has_ended());
        assert!(!a.session().has_ended());
        drop(a);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!table.acquire("a").await.session().vars().has("k"));
    });
}

#[test]
fn a_call_that_waited_for_a_removed_session_gets_the_new_one() {
    run(async {
        let table = table::<u8>(4, LONG);
        let first = table.acquire("a").await;
        let old = Arc::clone(first.session());
        let (second, ()) = join(table.acquire("a"), async {
            tokio::task::yield_now().await;
            assert!(table.remove("a"));
            assert!(old.has_ended());
            drop(first);
        })
        .await;
        assert!(!Arc::ptr_eq(second.session(), &old));
        assert_eq!(table.len(), 1);
    });
}

#[test]
fn dropping_the_table_ends_sessions_that_someone_still_holds() {
    run(async {
        let table = table::<u8>(4, LONG);
        let held = Arc::clone(table.acquire("a").await.session());
        drop(table);
        assert!(held.has_ended());
    });
}
