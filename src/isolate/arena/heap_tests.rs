use super::*;

/// Walks the blocks and checks every invariant; the bytes in use.
fn check(heap: &Heap) -> usize {
    let _quiet = memcheck::quiet();
    let state = heap.state();
    let (mut at, mut before, mut used, mut frees) = (size_of::<State>(), 0, 0, 0);
    let mut was_free = false;
    while at < heap.top() {
        let block = heap.block(at);
        let size = block.size();
        assert!(size >= MIN_BLOCK && size.is_multiple_of(ALIGN));
        assert_eq!(block.before.get(), before);
        let is_free = block.is_free();
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
    assert_eq!((at, before, used), (heap.top(), state.last.get(), heap.used()));
    let mut listed = 0;
    for (level, lists) in state.free.iter().enumerate() {
        assert_eq!(state.levels.get() >> level & 1 == 1, state.splits[level].get() != 0);
        for (split, head) in lists.iter().enumerate() {
            assert_eq!(state.splits[level].get() >> split & 1 == 1, head.get() != 0);
            let mut block = head.get();
            while block != 0 {
                assert_eq!(class(heap.block(block).size()), (level, split));
                listed += 1;
                block = heap.block(block).next.get();
            }
        }
    }
    assert_eq!(listed, frees);
    used
}

/// A block in use: its payload, as many bytes as were asked for, all of which are its mark.
struct Live {
    pointer: *mut u8,
    size: usize,
    mark: u8,
}

impl Live {
    fn new(heap: &Heap, size: usize, mark: u8) -> Option<Live> {
        let pointer = heap.allocate(size);
        if pointer.is_null() {
            return None;
        }
        let live = Live { pointer, size, mark };
        live.fill();
        Some(live)
    }

    fn fill(&self) {
        assert!(self.pointer.addr().is_multiple_of(ALIGN));
        // SAFETY: the pointer is of a block in use, of at least that many bytes.
        unsafe {
            assert!(Heap::usable(self.pointer) >= self.size);
            ptr::write_bytes(self.pointer, self.mark, self.size);
        }
    }

    fn check(&self, length: usize) {
        // SAFETY: as in `fill`, where the bytes were written.
        let bytes = unsafe { std::slice::from_raw_parts(self.pointer, length) };
        assert!(bytes.iter().all(|byte| *byte == self.mark));
    }

    fn free(self, heap: &Heap) {
        self.check(self.size);
        // SAFETY: a block in use, which is used no more.
        unsafe { heap.free(self.pointer) };
    }

    /// Another size and mark, if there is room; true if there was.
    fn resize(&mut self, heap: &Heap, size: usize, mark: u8) -> bool {
        // SAFETY: a block in use, whose pointer is replaced.
        let moved = unsafe { heap.reallocate(self.pointer, size) };
        if moved.is_null() {
            self.check(self.size);
            return false;
        }
        self.pointer = moved;
        self.check(self.size.min(size));
        (self.size, self.mark) = (size, mark);
        self.fill();
        true
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
    let heap = Heap::new(8 << 20).unwrap();
    let empty = heap.top();
    let mut live: Vec<Live> = Vec::new();
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
        if live.is_empty() || random(5) < 2 {
            match Live::new(&heap, size, mark) {
                Some(block) => live.push(block),
                None => refused += 1,
            }
        } else {
            let index = random(live.len());
            if random(2) == 0 {
                live.swap_remove(index).free(&heap);
            } else {
                live[index].resize(&heap, size, mark);
            }
        }
        if round % 500 == 0 {
            check(&heap);
        }
    }
    assert!(refused > 0, "the limit was never met");
    for block in live {
        block.free(&heap);
    }
    assert_eq!((check(&heap), heap.top()), (0, empty));
}

#[test]
fn absurd_sizes_are_refused() {
    let heap = Heap::new(1 << 20).unwrap();
    for size in [usize::MAX, usize::MAX - HEADER, MAX_BLOCK, MAX_BLOCK - HEADER, 1 << 20] {
        assert!(heap.allocate(size).is_null());
        let mut block = Live::new(&heap, 100, 1).unwrap();
        assert!(!block.resize(&heap, size, 2));
        block.free(&heap);
    }
    assert!(Heap::new(usize::MAX).is_err() && Heap::new(0).is_err() && Heap::new(1).is_err());
    check(&heap);
}

#[test]
#[should_panic = "the VM's heap is broken"]
fn a_header_that_was_overwritten_leads_nowhere() {
    let heap = Heap::new(1 << 20).unwrap();
    let blocks = [(); 2].map(|()| Live::new(&heap, 100, 1).unwrap());
    let [_, second] = blocks;
    let _quiet = memcheck::quiet();
    heap.block(heap.block_of(second.pointer)).before.set(256);
    second.free(&heap);
}

#[test]
fn what_comes_after_a_seal_lies_beyond_it() {
    const BOUNDARY: usize = 4096;
    let heap = Heap::new(1 << 20).unwrap();
    for size in 1..100 {
        let [first, second, _] = [(); 3].map(|()| Live::new(&heap, size * 24, 1).unwrap());
        second.free(&heap);
        first.free(&heap);
        let before = heap.top();
        assert!(heap.seal(BOUNDARY));
        assert!(heap.top().is_multiple_of(BOUNDARY) && heap.top() >= before);
        assert_eq!(check(&heap) + size_of::<State>(), heap.top(), "a hole is left");
        let next = Live::new(&heap, 1, 1).unwrap();
        assert_eq!(heap.block_of(next.pointer), heap.top() - MIN_BLOCK);
        next.free(&heap);
    }
    while !heap.allocate(1000).is_null() {}
    while !heap.allocate(1).is_null() {}
    assert!(!heap.seal(1 << 21));
}
