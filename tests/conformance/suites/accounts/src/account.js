import { EventEmitter, once } from 'node:events'

export class Account extends EventEmitter {
  #balance = 0n

  constructor(owner) {
    super()
    this.owner = owner
  }

  get balance() {
    return Number(this.#balance)
  }

  deposit(amount) {
    this.#balance += BigInt(amount)
    this.emit('change', this.balance)
  }

  async later(amount, delay) {
    setTimeout(() => this.deposit(amount), delay)
    const [balance] = await once(this, 'change')
    return balance
  }

  async *history(amounts) {
    for (const amount of amounts) {
      await null
      this.deposit(amount)
      yield this.balance
    }
  }
}

export default (owner) => new Account(owner)
