import { When, Then, Before } from '@cucumber/cucumber';
import assert from 'node:assert';

Before(function () {
  vars.set('visits', 0);
});

When('I buy {word}', async function (name: string) {
  const answer = await fetch(`${vars.get('url')}/buy/${name}`, { method: 'POST' });
  vars.set('visits', vars.get('visits') + 1);
  vars.set('status', answer.status);
  vars.set('receipt', await answer.json());
});

Then('I pay {int} cents', function (total: number) {
  assert.equal(vars.get('receipt').total, total);
});

Then('it is out of stock', function () {
  assert.equal(vars.get('status'), 404);
  this.log(`after ${vars.get('visits')} visit(s)`);
});
