import { Given } from '@cucumber/cucumber'
let count = 0
Given(/^.*$/, function () { this.log(`step ${++count} of the run`) })
