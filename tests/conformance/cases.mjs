// The runs that both sides make: a suite, and the flags it is started with.
//   unordered: workers make the order of scenarios a matter of chance
//   noText: the reports are not compared, only the messages
//   ours: flags for quickcuke alone

const tsx = { NODE_OPTIONS: '--import tsx' }
const pages = { suite: 'pages', env: tsx }

const runs = [
  { suite: 'shop' },
  { suite: 'shop', flags: ['--tags', '@smoke and not @slow'] },
  { suite: 'shop', flags: ['--tags', 'not (@cart or @pages)', '--tags', 'not @receipt'] },
  { suite: 'shop', flags: ['--profile', 'smoke'] },
  { suite: 'shop', flags: ['-p', 'dollars', '-p', 'smoke'] },
  { suite: 'shop', flags: ['--profile', 'argv'] },
  { suite: 'shop', flags: ['--name', '^Discounts', '--name', 'tools$'] },
  { suite: 'shop', flags: ['--dry-run'] },
  { suite: 'shop', flags: ['--fail-fast'] },
  { suite: 'shop', flags: ['--order', 'random:7'] },
  { suite: 'shop', flags: ['--order', 'random:42'] },
  { suite: 'shop', flags: ['features/cart.feature:9:33', 'features/pages.feature:9'] },
  { suite: 'shop', flags: ['features/cart.feature:28', 'features/orders.feature'] },
  { suite: 'shop', flags: ['features/cart.feature', '--world-parameters', '{"currency":"CHF","limits":{"items":20}}'] },
  { suite: 'shop', flags: ['--parallel', '2'], unordered: true },
  { suite: 'shop', flags: ['--tags', '@nothing-has-this'] },
  { suite: 'shop', flags: ['--shard', '2/3'] },
  { suite: 'shop', flags: ['features/orders.feature', '--language', 'en', '--format-options', '{"snippetInterface":"callback"}'] },

  { suite: 'accounts' },
  { suite: 'accounts', flags: ['--profile', 'quiet'] },
  { suite: 'accounts', flags: ['--profile', 'strictless', '--tags', '@quiet'] },
  { suite: 'accounts', flags: ['--no-strict', '--name', 'pending'] },
  { suite: 'accounts', flags: ['--strict', '--name', 'pending'] },
  { suite: 'accounts', flags: ['--dry-run', 'features/endings.feature'] },
  { suite: 'accounts', flags: ['features/endings.feature', '--format-options', '{"snippetInterface":"async-await"}'] },
  { suite: 'accounts', flags: ['features/accounts.feature'], env: { FORCE_COLOR: '1' } },

  { ...pages },
  { ...pages, flags: ['--profile', 'mobile'] },
  { ...pages, flags: ['--config', 'cucumber.yaml', '--name', 'form', '-b'], noText: true },
  { ...pages, flags: ['--parallel', '2', '--retry', '1'], unordered: true },

  { suite: 'failures' },
  { suite: 'failures', flags: ['--profile', 'traced'], noText: true },
  { suite: 'failures', flags: ['--profile', 'lenient'] },
  { suite: 'failures', flags: ['features/hooks.feature', '--retry', '1'] },
  { suite: 'failures', flags: ['features/hooks.feature', '--dry-run'] },
  { suite: 'failures', flags: ['features/hooks.feature', '--world-parameters', '{"secret":null}'] },
  { suite: 'failures', flags: ['@rerun.txt'] },
  { suite: 'failures', flags: ['--config', 'cucumber.json', '--import', 'features/s*/*.js', 'features/hooks.feature:4:12', '--tags', '@fails-after'] },

  { suite: 'traces', env: tsx },
  { suite: 'traces', env: tsx, flags: ['--backtrace', '--name', 'helper|cause|chai'] },
  { suite: 'traces', env: tsx, flags: ['--profile', 'before-all'] },
  { suite: 'traces', env: tsx, flags: ['--profile', 'after-all'] },

  { suite: 'retries' },
  { suite: 'retries', flags: ['--retry', '2'] },
  { suite: 'retries', flags: ['--retry', '2', '--retry-tag-filter', '@flaky and not @very'] },
  { suite: 'retries', flags: ['--retry', '1', '--fail-fast'] },
  { suite: 'retries', flags: ['--retry', '3', '--parallel', '2'], unordered: true },

  { suite: 'languages' },
  { suite: 'languages', flags: ['--profile', 'german'] },
  { suite: 'languages', flags: ['features/markdown.feature.md:9'] },
  { suite: 'languages', flags: ['--dry-run', '--name', 'manger'] },
  { suite: 'languages', flags: ['--tags', '@two or @plan', '--order', 'random:1'] },

  { suite: 'builtins' },

  { suite: 'modules' },
  { suite: 'modules', flags: ['--profile', 'other'] },

  { suite: 'runhooks' },
  { suite: 'runhooks', flags: ['--world-parameters', '{"a":[1,{"b":2}]}', '--tags', '@a or @b'] },
  { suite: 'runhooks', flags: ['--dry-run'] },
  { suite: 'runhooks', flags: ['--import', 'broken/before_all.js'] },
  { suite: 'runhooks', flags: ['--import', 'broken/after_all.js'] },
  { suite: 'runhooks', flags: ['--import', 'broken/leaky.js'] },
  { suite: 'runhooks', flags: ['--import', 'broken/leaky.js'], ours: ['--isolation', 'worker'] },
]

export const cases = runs.map((run) => ({ ...run, name: [run.suite, ...(run.flags ?? []), ...(run.ours ?? [])].join(' ') }))
