import { After, Before, setWorldConstructor, World, type IWorldOptions, type ITestCaseHookParameter } from '@cucumber/cucumber'
import { FakeDriver, LoginPage } from '@pages'
import { log } from '@pages/decorators'

interface Parameters {
  base: string
  width?: number
}

export class PageWorld extends World<Parameters> {
  readonly driver: FakeDriver
  login!: LoginPage<FakeDriver>
  label?: string

  constructor(options: IWorldOptions<Parameters>) {
    super(options)
    this.driver = new FakeDriver(this.parameters.base, this.parameters.width)
  }
}

setWorldConstructor(PageWorld)

Before(function (this: PageWorld, { pickle }: ITestCaseHookParameter) {
  this.login = new LoginPage(this.driver)
  this.label ??= pickle.name.toUpperCase()
})

After({ tags: '@visits' }, function (this: PageWorld) {
  this.attach(this.driver.visits.map(({ url }) => url.href).join('\n'), 'text/uri-list')
  this.log(log.splice(0).join(' '))
})
