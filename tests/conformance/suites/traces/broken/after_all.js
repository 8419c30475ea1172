import { AfterAll } from '@cucumber/cucumber'
import { later, settle } from '../lib/bank.js'

AfterAll(() => settle(async () => {
  await later(1)
  throw new Error('in AfterAll')
}))
