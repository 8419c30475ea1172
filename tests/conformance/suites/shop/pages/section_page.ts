import { Page } from './page'
import { Section, Size, type Product, type Visible } from './types'

export default class SectionPage extends Page<Visible<Product>> {
  static opened = 0
  #section: Section

  constructor(section: Section, products: Product[]) {
    super(`The ${section}`, products)
    this.#section = section
  }

  get path(): string {
    return `/${this.#section}`
  }

  override open(): this {
    SectionPage.opened += Size.Large
    return super.open()
  }

  get heading() {
    return `${this.title} at ${this.visited.at(-1) ?? 'nowhere'}` satisfies string
  }
}
