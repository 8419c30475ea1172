import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { Money } from './model/money';
import { receipt } from './model/receipt';
import type { ShopWorld } from './world';

Given('the shop sells:', function (this: ShopWorld, teas: DataTable) {
  for (const { tea, price } of teas.hashes()) this.prices.set(tea, Money.parse(price));
});

When('I put {int} pack(s) of {string} into the basket', function (this: ShopWorld, packs: number, tea: string) {
  this.basket.add(packs, tea);
});

When('I try to put {int} pack(s) of {string} into the basket', function (this: ShopWorld, packs: number, tea: string) {
  try {
    this.basket.add(packs, tea);
  } catch (error) {
    this.complaint = error.message;
  }
});

Then('I am told {string}', function (this: ShopWorld, complaint: string) {
  assert.equal(this.complaint, complaint);
});

Then('the basket holds:', function (this: ShopWorld, expected: DataTable) {
  const lines = this.basket.lines.map(({ tea, packs, price }) => ({ tea, packs: String(packs), price: String(price) }));
  assert.deepEqual(lines, expected.hashes());
});

Then('the goods cost {money}', function (this: ShopWorld, price: Money) {
  assert.deepEqual(this.basket.goods, price);
});

Then('shipping costs {money}', function (this: ShopWorld, price: Money) {
  assert.deepEqual(this.basket.shipping, price);
});

Then('the receipt reads:', function (this: ShopWorld, expected: string) {
  assert.equal(receipt(this.basket), expected);
});
