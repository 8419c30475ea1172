import { defineParameterType, Given, Then, When } from '@cucumber/cucumber'
import { expect } from 'chai'
import * as chai6 from 'chai6'
import { Role, Roles, forms } from '@pages'
import type { PageWorld } from '../support/world'

type Step<A extends unknown[] = []> = (this: PageWorld, ...args: A) => void | Promise<void>

defineParameterType({ name: 'role', regexp: /[a-z]+(?= role)/, transformer: (text: string): Role => Roles.parse(text) })

Given('the login page', async function () {
  this.login = await this.login.open()
} as Step)

When('{word} logs in with the {role} role', function (name, role) {
  this.login.login(name, role)
} as Step<[string, Role]>)

Then('the greeting is {string}', function (this: PageWorld, greeting: string) {
  expect(this.login.greeting).to.equal(greeting)
})

Then('the label is {string} and the width {int}', function (this: PageWorld, label: string, width: number) {
  chai6.expect({ label: this.label, width: this.driver.width }).to.deep.equal({ label, width })
})

Then('a form adds up to {int}', function (this: PageWorld, sum: number) {
  class Numbers extends forms.Form {
    override fields() {
      return [forms.field(1), forms.field('x'), forms.field(40)]
    }
  }
  const form = new Numbers()
  expect(form.name).to.match(/^form \d+$/)
  expect(form.sum()).to.equal(sum)
})

Then('it throws deep inside', function (this: PageWorld) {
  const inner = (value: unknown): never => {
    throw new TypeError(`no ${String(value)}`, { cause: new Error('the cause') })
  }

  interface Between { lines: 'that vanish' }

  inner(null as Between | null)
})
