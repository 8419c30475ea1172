// node:timers, node:timers/promises, queueMicrotask, process.nextTick.

import timers from 'node:timers'
import promises from 'node:timers/promises'
import util from 'node:util'

const WRONG = [undefined, null, true, {}, [], 'text', 1, Symbol('s')]
const wait = (ms) => new Promise((done) => setTimeout(done, ms))

export default async function (run) {
  for (const wrong of WRONG) {
    const name = String(wrong)
    for (const method of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) run(`${method}(${name})`, () => { globalThis[method](wrong); return 'set' })
    run(`nextTick(${name})`, () => process.nextTick(wrong))
    for (const method of ['clearTimeout', 'clearInterval', 'clearImmediate']) run(`${method}(${name})`, () => globalThis[method](wrong))
    await run(`promises.setTimeout(1, x, ${name})`, () => promises.setTimeout(1, 'x', wrong))
    await run(`promises.setImmediate(x, ${name})`, () => promises.setImmediate('x', wrong))
    await run(`promises.setTimeout signal ${name}`, () => promises.setTimeout(1, 'x', { signal: wrong }))
    await run(`promises.setTimeout ref ${name}`, () => promises.setTimeout(1, 'x', { ref: wrong }))
    await run(`promises.setInterval signal ${name}`, async () => (await promises.setInterval(1, 'x', { signal: wrong }).next()).value)
    await run(`scheduler.wait ${name}`, () => promises.scheduler.wait(1, wrong))
  }
  await run('order', async () => { const seen = []; setTimeout(() => seen.push('timeout'), 0); setImmediate(() => seen.push('immediate')); process.nextTick(() => seen.push('tick')); Promise.resolve().then(() => seen.push('promise')); queueMicrotask(() => seen.push('microtask')); await wait(10); return seen.sort() })
  await run('order of one delay', async () => { const seen = []; for (const n of [1, 2, 3]) setTimeout(() => seen.push(n), 2); await wait(12); return seen })
  await run('order of delays', async () => { const seen = []; for (const n of [30, 10, 20]) setTimeout(() => seen.push(n), n); await wait(60); return seen })
  await run('immediates', async () => { const seen = []; setImmediate(() => { seen.push(1); setImmediate(() => seen.push(3)) }); setImmediate(() => seen.push(2)); await wait(10); return seen })
  await run('arguments', () => new Promise((done) => setTimeout((...values) => done(values), 1, 'a', 2)))
  await run('this', () => new Promise((done) => { const timer = setTimeout(function () { done(this === timer) }, 1) }))
  await run('cleared', async () => { let fired = 0; const timer = setTimeout(() => fired++, 1); clearTimeout(timer); await wait(8); return fired })
  await run('cleared by number', async () => { let fired = 0; const timer = setTimeout(() => fired++, 1); clearTimeout(+timer); await wait(8); return fired })
  await run('cleared by text', async () => { let fired = 0; const timer = setTimeout(() => fired++, 1); clearTimeout(`${+timer}`); await wait(8); return fired })
  await run('cleared immediate', async () => { let fired = 0; clearImmediate(setImmediate(() => fired++)); await wait(5); return fired })
  await run('interval', async () => { let fired = 0; await new Promise((done) => { const timer = setInterval(() => { if (++fired === 3) { clearInterval(timer); done() } }, 1) }); await wait(8); return fired })
  await run('interval closed', async () => { let fired = 0; const timer = setInterval(() => { fired++; timer.close() }, 1); await wait(10); return fired })
  await run('refresh', async () => { let fired = 0; const timer = setTimeout(() => fired++, 2); await wait(8); timer.refresh(); await wait(8); return fired })
  for (const delay of [undefined, null, -1, NaN, '2', 'x', 2 ** 31, Infinity, 1.5]) await run(`delay ${delay}`, async () => { let fired = 0; const timer = setTimeout(() => fired++, delay); await wait(25); clearTimeout(timer); return fired })
  run('Timeout', () => { const timer = setTimeout(() => {}, 5); const shape = [timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref() === timer, timer.refresh() === timer, typeof timer[Symbol.toPrimitive](), timer.constructor.name, timer.close() === timer, typeof timer[Symbol.dispose]]; return shape })
  run('Immediate', () => { const timer = setImmediate(() => {}); const shape = [timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.constructor.name, typeof timer[Symbol.dispose]]; clearImmediate(timer); return shape })
  run('modules', () => [Object.keys(timers).filter((key) => !/^(_|un|active|enroll)/.test(key)).sort(), Object.keys(promises).sort(), timers.setTimeout === setTimeout, timers.promises === promises, Object.keys(promises.scheduler)])
  run('promisify', () => [util.promisify(setTimeout) === promises.setTimeout, util.promisify(setImmediate) === promises.setImmediate])
  await run('promises.setTimeout', () => promises.setTimeout(1, 'value'))
  await run('promises.setTimeout nothing', () => promises.setTimeout())
  await run('promises.setImmediate', () => promises.setImmediate('value'))
  await run('promises.setTimeout aborted', () => promises.setTimeout(1, 'x', { signal: AbortSignal.abort() }))
  await run('promises.setTimeout aborted for', () => promises.setTimeout(1, 'x', { signal: AbortSignal.abort('why') }))
  await run('promises.setTimeout aborted later', () => { const control = new AbortController(); setTimeout(() => control.abort(new Error('late')), 2); return promises.setTimeout(2000, 'x', { signal: control.signal }) })
  await run('promises.setImmediate aborted', () => promises.setImmediate('x', { signal: AbortSignal.abort() }))
  await run('promises.setImmediate aborted later', () => { const control = new AbortController(); const promise = promises.setImmediate('x', { signal: control.signal }); control.abort(); return promise })
  await run('promises.setInterval', async () => { const seen = []; for await (const value of promises.setInterval(1, 'v')) { seen.push(value); if (seen.length === 3) break } return seen })
  await run('promises.setInterval aborted', async () => { const control = new AbortController(); const seen = []; try { for await (const value of promises.setInterval(1, 'v', { signal: control.signal })) { seen.push(value); if (seen.length === 2) control.abort() } } catch (error) { seen.push(error.name, error.code, error.message) } return seen })
  await run('promises.setInterval aborted before', async () => { for await (const _ of promises.setInterval(1, 'v', { signal: AbortSignal.abort() })) return 'ran' })
  await run('scheduler', async () => [await promises.scheduler.wait(1), await promises.scheduler.yield()])
  await run('scheduler.wait aborted', () => promises.scheduler.wait(1, { signal: AbortSignal.abort() }))
  await run('AbortSignal.timeout', async () => { const signal = AbortSignal.timeout(2); await wait(15); return [signal.aborted, signal.reason.name, signal.reason.message, signal.reason.code] })
  await run('nextTick arguments', () => new Promise((done) => process.nextTick((...values) => done(values), 1, 2)))
  await run('tick before promise', async () => { const seen = []; await new Promise((done) => setImmediate(() => { Promise.resolve().then(() => seen.push('promise')); process.nextTick(() => seen.push('tick')); setImmediate(done) })); return seen })
  run('hrtime', () => [process.hrtime().length, typeof process.hrtime.bigint(), process.hrtime([0, 0]).length])
}
