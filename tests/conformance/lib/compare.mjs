// What differs between two plain values, and whether it was meant to.

import { intended } from '../differences.mjs'

/** [{ path, official, ours }] for every leaf that differs. Members that are undefined count as missing. */
export function differences(official, ours, path = '') {
  if (Object.is(official, ours)) return []
  if (isNode(official) && isNode(ours) && Array.isArray(official) === Array.isArray(ours)) {
    const keys = new Set([...Object.keys(official), ...Object.keys(ours)])
    return [...keys].flatMap((key) => differences(official[key], ours[key], path ? `${path} / ${key}` : key))
  }
  return [{ path, official, ours }]
}

function isNode(value) {
  return typeof value === 'object' && value !== null
}

/** Takes out what differences.mjs lists, and notes which entries were of use. */
export function unintended(caseName, found) {
  return found.filter(({ path, official, ours }) => {
    const entry = intended.find((entry) =>
      entry.case.test(caseName) && entry.path.test(path) &&
      (entry.official?.test(text(official)) ?? true) && (entry.ours?.test(text(ours)) ?? true) &&
      (entry.when?.(official, ours) ?? true))
    if (entry) entry.used = true
    return !entry
  })
}

export function unusedEntries() {
  return intended.filter((entry) => !entry.used)
}

export function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing'
}
