import { After, Before } from '@cucumber/cucumber';
import { receipt } from './model/receipt';
import type { ShopWorld } from './world';

Before('@member', function (this: ShopWorld) {
  this.basket.isMembers = true;
});

After({ name: 'attach the receipt' }, function (this: ShopWorld, { result }) {
  if (result.status === 'FAILED' && this.basket.lines.length > 0) this.attach(receipt(this.basket), 'text/plain');
});
