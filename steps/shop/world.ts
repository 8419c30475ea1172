import { defineParameterType, setWorldConstructor, World } from '@cucumber/cucumber';
import { Basket } from './model/basket';
import { Money } from './model/money';

/** What the steps of one scenario share: `this` in every step. */
export class ShopWorld extends World {
  readonly prices = new Map<string, Money>();
  readonly basket = new Basket(this.prices);
  /** What went wrong in a step that tried something. */
  complaint?: string;
}

setWorldConstructor(ShopWorld);

defineParameterType({ name: 'money', regexp: /€\d+\.\d\d/, transformer: Money.parse });
