import { Given, Then, type IWorld } from '@cucumber/cucumber'
import { expect } from 'chai'
import SectionPage from '../pages/section_page'
import { Section, type Product } from '../pages/types'

interface PageWorld extends IWorld {
  catalogue: { all: (Product & { group: string })[] }
  page: SectionPage
}

const sections: Record<string, Section> = { books: Section.Books, tools: Section.Tools }

Given('I look at the {word}', function (this: PageWorld, name: string) {
  const section = sections[name] as Section
  this.page = new SectionPage(section, this.catalogue.all.filter(({ group }) => group === section)).open()
})

Then('I see {string}', function (this: PageWorld, names: string): void {
  expect(this.page.names().join(', ')).to.equal(names)
  expect(this.page.heading).to.contain('at /')
})

Then('the first costs {float}', async function (this: PageWorld, price: number): Promise<void> {
  const first = this.page.first() as Product
  await null
  expect(<number>first.price).to.equal(price)
})
