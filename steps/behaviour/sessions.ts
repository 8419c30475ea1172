// Steps that run code in sessions beside the scenario's own.

import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';

When('{word}\'s variable {string} is set to {string}', function (who: string, name: string, value: string) {
  this.session(who).vars.set(name, value);
});

When(/^(alice|bob) runs "(.*)"$/, async function (who: string, source: string) {
  await this.session(who).run(source);
});

Then(/^in (alice|bob)'s session, "(.*)" gives (.*)$/, async function (who: string, source: string, expected: string) {
  assert.deepEqual(await this.session(who).run(source), JSON.parse(expected));
});

Then('the scenario has no variable {string}', function (name: string) {
  assert.ok(!this.vars.has(name));
});

Then('a function that adds {int} and {int} in alice\'s session gives {int}', async function (a: number, b: number, sum: number) {
  const add = (a: number, b: number) => Promise.resolve(a + b);
  assert.equal(await this.session('alice').run(add, a, b), sum);
});
