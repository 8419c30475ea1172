export default async function () {
  await Promise.resolve()
  return {
    default: { worldParameters: { bank: { name: 'Example', fees: [1, 2] } } },
    quiet: { formatOptions: { printAttachments: false }, tags: 'not @noisy' },
    strictless: { strict: false, paths: ['features/endings.feature'] },
  }
}
