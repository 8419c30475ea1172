import { readFileSync } from 'node:fs'

const { tags } = JSON.parse(readFileSync(new URL('./lib/tags.json', import.meta.url), 'utf8'))

export default { tags, import: ['steps/*'], format: ['snippets:/dev/null'] }
export const other = { tags: 'not @default', import: ['steps/**'], names: undefined, paths: ['features/modules.feature:3:7'] }
