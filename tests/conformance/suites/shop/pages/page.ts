export abstract class Page<T extends { name: string }> {
  protected visited: string[] = []

  constructor(protected readonly title: string, private items: readonly T[] = []) {}

  abstract get path(): string

  open(): this {
    this.visited.push(this.path)
    return this
  }

  names(): string[] {
    return this.items.map((item) => item.name)
  }

  first(): T | undefined {
    return this.items[0]!
  }
}
