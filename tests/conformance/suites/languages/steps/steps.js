import { Given, When, Then, defineStep } from '@cucumber/cucumber'
import assert from 'assert'

Given("j'ai {int} concombre(s)", function (count) { this.count = count })
When("j'en mange {int}", function (count) { this.count -= count })
Then("il m'en reste {int}", function (count) { assert.strictEqual(this.count, count) })
Given('ich habe {float} Gurken', function (count) { this.count = count })
defineStep('esse ich {word}', function (word) { assert.equal({ eine: 1, zwei: 2 }[word], this.count) })
Given(/^I have (\d+) (?:cucumbers?|🥒)(?: from "([^"]*)")?$/u, function (count, from) {
  this.count = Number(count)
  this.log(String(from))
})
Then('there are {int} left', function (count) { assert.equal(this.count, count) })
Then('the table is', function (table) { this.log(JSON.stringify(table.hashes())) })
Then('the text is', function (text) { this.log(text) })
