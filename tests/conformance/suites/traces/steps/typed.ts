import { Given } from '@cucumber/cucumber'
import { wrap } from '../lib/bank.js'

interface Order {
  id: number
  lines: Array<{ price: number }>
}

type Check = (order: Order) => void

enum Kind {
  Small,
  Large,
}

class Shop {
  constructor(private readonly name: string) {}

  check(order: Order): asserts order is Order {
    const total: number = order.lines.reduce((sum, { price }) => sum + price, 0)

    if (total > (10 as number)) throw new Error(`${this.name}: too dear`)
  }

  async checkLater(order: Order): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 1))
    this.check(order)
  }
}

const order: Order = { id: 1, lines: [{ price: 7 }, { price: 8 }] }
const checks: Record<string, Check> = {
  'in a method': (order) => new Shop('shop').check(order),
  'in a generic': (order) => first<Order>([order]),
  'with a cause': (order) => wrap(() => new Shop('shop').check(order)),
  'of an enum': () => { throw new Error(Kind[Kind.Large]!) },
}

function first<T extends Order>(list: readonly T[]): T {
  const [item] = list
  if (item!.lines.length > 1) throw new TypeError('too many lines')
  return item as T
}

Given('typed code throws {}', (way: string): void => {
  const check = checks[way]!
  check(order)
})
Given('later typed code throws', (): Promise<void> => new Shop('later').checkLater(order))
