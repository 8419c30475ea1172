import { b, countB } from './b.js'
export let a = 'a'
export function countA(n) { return n === 0 ? [a, b] : countB(n - 1) }
export function rename(name) { a = name }
