import { Money } from './money';

const FREE_SHIPPING_FROM = new Money(20_00);
const SHIPPING = new Money(4_90);

export interface Line {
  tea: string;
  packs: number;
  price: Money;
}

/** What a customer is about to buy. */
export class Basket {
  isMembers = false;
  private readonly packs = new Map<string, number>();

  constructor(private readonly prices: ReadonlyMap<string, Money>) {}

  add(packs: number, tea: string): void {
    if (!this.prices.has(tea)) throw new Error(`we do not sell ${tea}`);
    this.packs.set(tea, (this.packs.get(tea) ?? 0) + packs);
  }

  get lines(): Line[] {
    return [...this.packs].map(([tea, packs]) => ({ tea, packs, price: this.prices.get(tea)!.times(packs) }));
  }

  get goods(): Money {
    return this.lines.reduce((sum, line) => sum.plus(line.price), Money.zero);
  }

  get shipping(): Money {
    return this.isMembers || this.goods.cents >= FREE_SHIPPING_FROM.cents ? Money.zero : SHIPPING;
  }
}
