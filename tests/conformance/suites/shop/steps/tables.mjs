import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Then, When, DataTable } from '@cucumber/cucumber'
import { assert } from 'chai6'
import _ from 'lodash'
import { v5 as uuid, validate } from 'uuid'
import { z } from 'zod'
import Ajv from 'ajv'
import settings from '../lib/settings.js'

const Address = z.object({ street: z.string().min(1), zip: z.string().regex(/^\d{5}$/), city: z.string() })
const schema = { type: 'object', required: ['items'], properties: { items: { type: 'array', items: { type: 'integer' } } } }

When('I ship to', function (table) {
  assert.instanceOf(table, DataTable)
  this.address = Address.parse(table.rowsHash())
})

When('I ship wrongly to', function (table) {
  const { success, error } = Address.safeParse(table.rowsHash())
  assert.isFalse(success)
  this.log(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('\n'))
})

Then('the table reads', function (table) {
  this.attach(JSON.stringify([table.raw(), table.rows(), table.hashes(), table.transpose().raw()]), 'application/json')
  assert.deepEqual(_.zip(...table.raw()), table.transpose().raw())
})

Then('the order {string} has an id', async function (name) {
  await sleep(2)
  const id = uuid(name, uuid.URL)
  assert.isTrue(validate(id))
  this.receipts.push(id, createHash('sha256').update(id).digest('hex').slice(0, 12))
  this.link(`https://shop.test/orders/${id}`)
})

Then('the JSON is valid:', function (text) {
  const validate = new Ajv({ allErrors: true }).compile(schema)
  assert.isTrue(validate(JSON.parse(text)), JSON.stringify(validate.errors))
})

Then('the JSON is not valid:', function (text) {
  const validate = new Ajv({ allErrors: true }).compile(schema)
  assert.isFalse(validate(JSON.parse(text)))
  this.log(validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`).join(', '))
})

Then('the VAT is {int} percent', (percent) => {
  assert.equal(settings.get('vat') * 100, percent)
})
