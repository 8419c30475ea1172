import * as all from './a.js'
export const b = 'b'
export function countB(n) { return n === 0 ? [all.a, b] : all.countA(n - 1) }
export const early = (() => { try { return all.a } catch (error) { return error.name } })()
