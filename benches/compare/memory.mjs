// The peak memory of a process and all that it starts.

import { readFileSync, readdirSync } from 'node:fs'

const EVERY_MS = 2

/** Watches until the function it gives is called, which gives the peak in bytes; undefined without /proc. */
export function watch(pid) {
  const peaks = new Map()
  const look = () => { for (const each of tree(pid)) peaks.set(each, highWaterMark(each) ?? peaks.get(each) ?? 0) }
  const timer = setInterval(look, EVERY_MS)
  return () => {
    clearInterval(timer)
    const sum = [...peaks.values()].reduce((sum, peak) => sum + peak, 0)
    return sum || undefined
  }
}

function tree(pid) {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []
  const children = threads.flatMap((thread) => (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean))
  return [pid, ...children.flatMap(tree)]
}

/** The kernel's own, which misses nothing between two looks but what follows the last. */
function highWaterMark(pid) {
  const kibibytes = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]
  return kibibytes && Number(kibibytes) * 1024
}

function read(file) {
  return attempt(() => readFileSync(file, 'utf8'))
}

function attempt(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}
