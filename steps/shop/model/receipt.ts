import type { Basket } from './basket';
import type { Money } from './money';

const WIDTH = 24;

/** The receipt of a basket, as the till prints it. */
export function receipt(basket: Basket): string {
  return [
    ...basket.lines.map(({ packs, tea, price }) => row(`${packs} x ${tea}`, price)),
    row('Shipping', basket.shipping),
    '-'.repeat(WIDTH),
    row('Total', basket.goods.plus(basket.shipping)),
  ].join('\n');
}

function row(what: string, price: Money): string {
  return what + String(price).padStart(WIDTH - what.length);
}
