export interface Driver {
  readonly visits: readonly Visit[]
  goto(url: string | URL): Promise<Visit>
  find<K extends string>(...keys: K[]): Record<K, Element>
}

export type Visit = { url: URL; at: number }
type Element = { selector: string; value?: string }

let clock = 0

export class FakeDriver implements Driver {
  declare readonly kind: 'fake'
  readonly #visits: Visit[] = []
  private elements = new Map<string, Element>()

  constructor(private readonly base: string, public width: number = 1024) {}

  get visits(): readonly Visit[] {
    return this.#visits
  }

  async goto(url: string | URL): Promise<Visit> {
    await new Promise<void>((resolve) => setTimeout(resolve, 1))
    const visit: Visit = { url: new URL(url, this.base), at: ++clock }
    this.#visits.push(visit)
    return visit
  }

  find<K extends string>(...keys: K[]): Record<K, Element> {
    const found = keys.map((key) => {
      if (!this.elements.has(key)) this.elements.set(key, { selector: `#${key}` })
      return [key, this.elements.get(key)!] as const
    })
    return Object.fromEntries(found) as Record<K, Element>
  }
}
