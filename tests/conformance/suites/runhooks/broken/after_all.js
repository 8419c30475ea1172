import { AfterAll, BeforeAll, Given } from '@cucumber/cucumber'
BeforeAll({ timeout: 20 }, () => 'skipped')
AfterAll(() => { console.log('AfterAll, first defined') })
AfterAll({ name: 'breaks' }, () => { throw new Error('cannot close') })
AfterAll({ timeout: 30 }, () => new Promise(() => {}))
Given(/^.*$/, () => {})
