//! The random numbers that cucumber-js draws for `--order random:SEED`, so that a seed gives the same order here.
//!
//! It is the generator known as seedrandom: the seed's UTF-16 code units are mixed into a key of up to 256 bytes, the
//! key sets up ARC4, its first 256 bytes are thrown away, and each number is put together from seven bytes or more.

/// Numbers from 0 up to, not including, 1.
pub(super) struct SeededRandom {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl SeededRandom {
    pub(super) fn new(seed: &str) -> SeededRandom {
        let key = mix(seed);
        let mut state = [0; 256];
        for (index, byte) in (0..=u8::MAX).zip(&mut state) {
            *byte = index;
        }
        let mut j = 0_u8;
        for index in 0..state.len() {
            j = j.wrapping_add(key[index % key.len()]).wrapping_add(state[index]);
            state.swap(index, usize::from(j));
        }
        let mut random = SeededRandom { state, i: 0, j: 0 };
        for _ in 0..256 {
            random.byte();
        }
        random
    }

    /// The next number, with 52 random bits or more.
    pub(super) fn number(&mut self) -> f64 {
        const ENOUGH: f64 = (1_u64 << 52) as f64;
        const TOO_MUCH: f64 = (1_u64 << 53) as f64;
        let mut numerator = (0..6).fold(0.0, |number, _| number * 256.0 + f64::from(self.byte()));
        let mut denominator = (1_u64 << 48) as f64;
        let mut last = 0_u8;
        while numerator < ENOUGH {
            numerator = (numerator + f64::from(last)) * 256.0;
            denominator *= 256.0;
            last = self.byte();
        }
        while numerator >= TOO_MUCH {
            numerator /= 2.0;
            denominator /= 2.0;
            last >>= 1;
        }
        (numerator + f64::from(last)) / denominator
    }

    fn byte(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        self.j = self.j.wrapping_add(self.state[usize::from(self.i)]);
        self.state.swap(usize::from(self.i), usize::from(self.j));
        let sum = self.state[usize::from(self.i)].wrapping_add(self.state[usize::from(self.j)]);
        self.state[usize::from(sum)]
    }
}

fn mix(seed: &str) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::new();
    let mut smear = 0_i32;
    for (index, unit) in seed.encode_utf16().enumerate() {
        let index = index & 255;
        if index == key.len() {
            key.push(0);
        }
        smear ^= i32::from(key[index]) * 19;
        // Only the low byte is kept.
        key[index] = (smear + i32::from(unit)) as u8;
    }
    if key.is_empty() { vec![0] } else { key }
}
