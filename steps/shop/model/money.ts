/** An amount in euros, kept in cents. */
export class Money {
  static readonly zero = new Money(0);

  constructor(readonly cents: number) {}

  static parse(text: string): Money {
    return new Money(Math.round(Number(text.replace('€', '')) * 100));
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }

  times(count: number): Money {
    return new Money(this.cents * count);
  }

  toString(): string {
    return `€${(this.cents / 100).toFixed(2)}`;
  }
}
