import { AfterAll, BeforeAll, Given } from '@cucumber/cucumber'
BeforeAll(() => {})
BeforeAll({ name: 'breaks' }, async () => { throw new TypeError('no database') })
BeforeAll(() => { console.log('not run, or is it?') })
AfterAll(() => { console.log('AfterAll runs') })
Given(/^.*$/, () => {})
