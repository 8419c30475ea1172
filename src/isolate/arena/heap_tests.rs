use super::*;
use crate::isolate::arena::region::Region;

/// Walks the blocks and checks every invariant; the bytes in use.
fn check(heap: Heap) -> usize {
    unsafe {
        let state = &*heap.0;
        let (mut at, mut before, mut used, mut frees) = (size_of::<State>(), 0, 0, 0);
        let mut was_free = false;
        while at < state.top {
            let block = heap.0.cast::<u8>().add(at).cast::<Header>();
            let size = size_of_block(block);
            assert!(size >= MIN_BLOCK && size.is_multiple_of(ALIGN));
            assert_eq!((*block).before, before);
            let is_free = (*block).size & FREE != 0;
            assert!(!(is_free && was_free), "two free neighbours");
            if is_free {
                frees += 1
            } else {
                used += size
            }
            (before, was_free) = (size, is_free);
            at += size;
        }
        assert!(!was_free, "the last block is free");
        assert_eq!((at, before, used), (state.top, state.last, state.used));
        let mut listed = 0;
        for (level, lists) in state.free.iter().enumerate() {
            assert_eq!(state.levels >> level & 1 == 1, state.splits[level] != 0);
            for (split, head) in lists.iter().enumerate() {
                assert_eq!(state.splits[level] >> split & 1 == 1, !head.is_null());
                let mut block = *head;
                while !block.is_null() {
                    assert_eq!(class(size_of_block(block)), (level, split));
                    listed += 1;
                    block = (*links(block)).next;
                }
            }
        }
        assert_eq!(listed, frees);
        used
    }
}

#[test]
fn classes_are_in_order_and_hold_what_they_say() {
    let mut last = (0, 0);
    for size in (32..1 << 20).step_by(ALIGN) {
        let class_of = class(size);
        assert!(class_of >= last && class_of.1 < SPLIT, "{size}");
        last = class_of;
        let above = class_above(size);
        assert!(above >= class_of);
        // A block of one less than the size is never in the class searched for it.
        assert!(class(size - ALIGN) < above, "{size}");
    }
}

#[test]
fn random_work_keeps_the_invariants_and_the_contents() {
    let region = Region::reserve(8 << 20).unwrap();
    let heap = unsafe { Heap::new(region.base().as_ptr(), region.length()).unwrap() };
    let empty = heap.top();
    let mut live: Vec<(*mut u8, usize, u8)> = Vec::new();
    let mut seed = 0x1234_5678_9abc_def1_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % below
    };
    let mut refused = 0;
    for round in 0..60_000_usize {
        let size = match random(20) {
            0 => random(1 << 20),
            1..=4 => random(1 << 14),
            _ => random(300),
        };
        let mark = round as u8;
        unsafe {
            if live.is_empty() || random(5) < 2 {
                let pointer = heap.allocate(size);
                if pointer.is_null() {
                    refused += 1;
                } else {
                    assert!(
                        (pointer as usize).is_multiple_of(ALIGN) && Heap::usable(pointer) >= size
                    );
                    ptr::write_bytes(pointer, mark, size);
                    live.push((pointer, size, mark));
                }
            } else {
                let index = random(live.len());
                let (pointer, old, was) = live.swap_remove(index);
                assert!(std::slice::from_raw_parts(pointer, old).iter().all(|byte| *byte == was));
                if random(2) == 0 {
                    heap.free(pointer);
                } else {
                    let moved = heap.reallocate(pointer, size);
                    let (pointer, size) =
                        if moved.is_null() { (pointer, old) } else { (moved, size) };
                    let kept = old.min(size);
                    assert!(
                        std::slice::from_raw_parts(pointer, kept).iter().all(|byte| *byte == was)
                    );
                    ptr::write_bytes(pointer, mark, size);
                    live.push((pointer, size, mark));
                }
            }
        }
        if round % 500 == 0 {
            check(heap);
        }
    }
    assert!(refused > 0, "the limit was never met");
    for (pointer, ..) in live {
        unsafe { heap.free(pointer) };
    }
    assert_eq!((check(heap), heap.top()), (0, empty));
}

#[test]
fn absurd_sizes_are_refused() {
    let region = Region::reserve(1 << 20).unwrap();
    let heap = unsafe { Heap::new(region.base().as_ptr(), region.length()).unwrap() };
    unsafe {
        assert!(heap.allocate(usize::MAX).is_null());
        assert!(heap.allocate(1 << 45).is_null());
        assert!(heap.allocate(1 << 20).is_null());
        let pointer = heap.allocate(100);
        assert!(heap.reallocate(pointer, usize::MAX - 8).is_null());
        assert!(heap.reallocate(pointer, 1 << 20).is_null());
        heap.free(pointer);
    }
    check(heap);
}

#[test]
fn what_comes_after_a_seal_lies_beyond_it() {
    const BOUNDARY: usize = 4096;
    let region = Region::reserve(1 << 20).unwrap();
    let heap = unsafe { Heap::new(region.base().as_ptr(), region.length()).unwrap() };
    for size in 1..100 {
        unsafe {
            let blocks = [(); 3].map(|()| heap.allocate(size * 24));
            heap.free(blocks[1]);
            heap.free(blocks[0]);
        }
        let before = heap.top();
        assert!(heap.seal(BOUNDARY));
        assert!(heap.top().is_multiple_of(BOUNDARY) && heap.top() >= before);
        assert_eq!(check(heap) + size_of::<State>(), heap.top(), "a hole is left");
        unsafe {
            let next = heap.allocate(1);
            assert_eq!(next.addr() - HEADER - heap.0.addr(), heap.top() - MIN_BLOCK);
            heap.free(next);
        }
    }
    while unsafe { !heap.allocate(1000).is_null() } {}
    while unsafe { !heap.allocate(1).is_null() } {}
    assert!(!heap.seal(1 << 21));
}
