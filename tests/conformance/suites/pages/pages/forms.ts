type Field<T> = T extends number ? { kind: 'number'; value: T } : { kind: 'text'; value: T }

export function field<const T extends string | number>(value: T): Field<T> {
  return (typeof value === 'number' ? { kind: 'number', value } : { kind: 'text', value }) as Field<T>
}

export abstract class Form {
  static #count = 0
  static {
    Form.#count = 10
  }
  accessor name = `form ${++Form.#count}`
  abstract fields(): ReturnType<typeof field>[]
  sum(): number {
    let sum = 0
    for (const { kind, value } of this.fields()) sum += kind === 'number' ? (value as number) : 0
    return sum
  }
}
