export * from '../a.js'
export * as b from '../b.js'
export { default as Self, self } from 'modules/self'
