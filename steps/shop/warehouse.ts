// The warehouse is a program: see [commands] in quickcuke.toml.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { After, Given, Then, When } from '@cucumber/cucumber';
import { commands, vars } from 'quickcuke';

Given('the warehouse is open', async () => {
  const orders = await mkdtemp(join(tmpdir(), 'orders-'));
  vars.set('orders', orders);
  await commands.start('warehouse', { orders });
});

When('I order {int} pack(s) of {string}', async (packs: number, tea: string) => {
  await writeFile(join(vars.get('orders'), 'mine.order'), `${packs} x ${tea}`);
});

Then('the warehouse packs my order', async () => {
  while (!commands.status('warehouse').stdout.includes('packed mine')) await setTimeout(10);
});

Then('the warehouse has packed nothing', () => {
  assert.equal(commands.status('warehouse').stdout, 'the warehouse is open\n');
});

Then('the label on the parcel says {string}', async function (expected: string) {
  const label = await commands.run('read label', { parcel: join(vars.get('orders'), 'mine.parcel') });
  this.attach(label, { mediaType: 'text/plain', fileName: 'label.txt' });
  assert.equal(label, expected);
});

After(async () => {
  if (vars.has('orders')) await rm(vars.get('orders'), { recursive: true });
});
