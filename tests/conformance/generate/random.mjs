// Random choices that a seed repeats.

/** A source of choices: mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const random = {
    /** 0 … limit - 1 */
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (list) => list[random.below(list.length)],
    /** Takes from [[weight, item]…]. */
    weighted: (choices) => {
      let at = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      return (choices.find(([weight]) => (at -= weight) < 0) ?? choices.at(-1))[1]
    },
    /** least … most things, made by `make`. */
    several: (least, most, make) => Array.from({ length: least + random.below(most - least + 1) }, (_, index) => make(index)),
  }
  return random
}
