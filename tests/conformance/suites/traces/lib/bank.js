export class OverdraftError extends Error {
  constructor(message, balance) {
    super(message)
    this.name = 'OverdraftError'
    this.balance = balance
  }
}

export class Account {
  static open(balance) {
    if (balance < 0) throw new RangeError('no account below nothing')
    return new Account(balance)
  }

  #balance

  constructor(balance) {
    if (Number.isNaN(balance)) throw new TypeError('a balance is a number')
    this.#balance = balance
  }

  get statement() {
    throw new Error('no statement')
  }

  set limit(value) {
    throw new Error(`no limit of ${value}`)
  }

  withdraw(amount) {
    this.#check(amount)
    this.#balance -= amount
  }

  #check(amount) {
    if (amount > this.#balance) throw new OverdraftError('too little', this.#balance)
  }

  async transfer(amount) {
    await null
    this.withdraw(amount)
  }

  [Symbol.iterator]() {
    throw new Error('not to be iterated')
  }
}

export function fail(message) {
  throw new Error(message)
}

export const arrow = (message) => {
  throw new Error(message)
}

export function wrap(work) {
  try {
    work()
  } catch (cause) {
    throw new Error('wrapped', { cause })
  }
}

export async function settle(work) {
  try {
    await work()
  } catch (cause) {
    throw new Error('settled', { cause })
  }
}

export function later(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds) })
}
