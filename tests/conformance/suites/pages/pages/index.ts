export * from './login'
export * as forms from './forms.js'
export type { Driver } from './driver.js'
export { FakeDriver, type Visit } from './driver.js'
