import type { Driver } from './driver'
import { logged, page } from './decorators.ts'

export enum Role {
  Guest,
  Customer = 'customer',
  Admin = 'admin',
}

export namespace Roles {
  export const all = [Role.Customer, Role.Admin] as const
  export function parse(text: string): Role {
    const role = all.find((role) => role === text)
    if (role === undefined) throw new Error(`no role ${text}: one of ${all.join(', ')}`)
    return role
  }
}

@page('/login')
export class LoginPage<D extends Driver = Driver> {
  declare static path: string
  private role: Role = Role.Guest

  constructor(readonly driver: D) {}

  @logged('page')
  async open(): Promise<this> {
    await this.driver.goto(LoginPage.path)
    return this
  }

  @logged('page')
  login(name: string, role: Role): void {
    const { user, password } = this.driver.find('user', 'password')
    user.value = name
    password.value = '*'.repeat(name.length)
    this.role = role
  }

  get greeting(): string {
    const { user } = this.driver.find('user')
    return this.role === Role.Guest ? 'Hello, stranger' : `Hello, ${user.value} (${this.role as string})`
  }
}
