import { BeforeAll } from '@cucumber/cucumber'
import { fail } from '../lib/bank.js'

BeforeAll(() => fail('in BeforeAll'))
