// Cucumber Messages of a run, reduced to what two runs must have in common: no ids, no times.

export function parse(ndjson) {
  return ndjson.split('\n').filter(Boolean).map((line) => JSON.parse(line))
}

/** The items of one kind, in order. */
export function all(envelopes, kind) {
  return envelopes.filter((envelope) => envelope[kind]).map((envelope) => envelope[kind])
}

/** Map { key: items }. */
export function groupBy(items, key) {
  const groups = new Map()
  for (const item of items) {
    if (!groups.has(key(item))) groups.set(key(item), [])
    groups.get(key(item)).push(item)
  }
  return groups
}

/**
 * Gives { order, scenarios: { 'URI:LINE #ATTEMPT': { name, steps, retried } }, runHooks, definitions,
 * suggestions, success, … }. With `unordered`, what depends on the timing of workers is sorted.
 */
export function reduce(ndjson, { unordered = false } = {}) {
  const envelopes = parse(ndjson)
  const list = (kind) => all(envelopes, kind)
  const index = (kind) => new Map(list(kind).map((item) => [item.id, item]))
  const pickles = index('pickle')
  const definitions = index('stepDefinition')
  const hooks = index('hook')
  const cases = index('testCase')
  const attachments = list('attachment')

  const scenarios = {}
  const order = []
  for (const started of list('testCaseStarted')) {
    const testCase = cases.get(started.testCaseId)
    const pickle = pickles.get(testCase.pickleId)
    const key = `${pickle.uri}:${pickle.location?.line} #${started.attempt}`
    const mine = (kind) => list(kind).filter((item) => item.testCaseStartedId === started.id)
    const finished = mine('testStepFinished')
    const steps = finished.map((step) => ({
      ...describeStep(testCase.testSteps.find(({ id }) => id === step.testStepId), { pickle, definitions, hooks }),
      ...describeResult(step.testStepResult),
      attachments: mine('attachment').filter((item) => item.testStepId === step.testStepId).map(describeAttachment),
    }))
    order.push(key)
    scenarios[key] = {
      name: pickle.name,
      tags: pickle.tags.map(({ name }) => name).join(' '),
      planned: testCase.testSteps.length,
      begun: mine('testStepStarted').length,
      retried: mine('testCaseFinished')[0]?.willBeRetried,
      steps,
    }
  }

  const reduced = {
    ci: list('meta')[0]?.ci,
    order,
    scenarios,
    runHooks: list('testRunHookFinished').map((finished) => {
      const begun = list('testRunHookStarted').find(({ id }) => id === finished.testRunHookStartedId)
      return {
        hook: describeHook(hooks.get(begun?.hookId)),
        ...describeResult(finished.result),
        attachments: attachments.filter((item) => item.testRunHookStartedId === begun?.id).map(describeAttachment),
      }
    }),
    definitions: list('stepDefinition').map(describeDefinition),
    hooks: list('hook').map(describeHook),
    parameterTypes: list('parameterType').map(({ id, ...type }) => ({ ...type, sourceReference: place(type) })),
    undefinedParameterTypes: list('undefinedParameterType'),
    suggestions: list('suggestion').map((suggestion) => suggestion.snippets),
    parseErrors: list('parseError'),
    finished: list('testRunFinished').map(({ success, message }) => ({ success, message })),
  }
  if (unordered) {
    order.sort()
    for (const key of ['runHooks', 'suggestions']) reduced[key].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  return reduced
}

function describeStep(step, { pickle, definitions, hooks }) {
  if (!step) return { step: 'a step that the test case does not have' }
  if (step.hookId) return { step: describeHook(hooks.get(step.hookId)) }
  const pickleStep = pickle.steps.find(({ id }) => id === step.pickleStepId)
  return {
    step: pickleStep?.text,
    boundTo: (step.stepDefinitionIds ?? []).map((id) => describeDefinition(definitions.get(id))),
    arguments: step.stepMatchArgumentsLists,
  }
}

function describeResult({ status, exception, message }) {
  return { status, error: exception ? `${exception.type}: ${firstLine(exception.message)}` : firstLine(message) }
}

function describeAttachment({ body, mediaType, contentEncoding, fileName }) {
  return { mediaType, contentEncoding, fileName, body }
}

function describeHook(hook) {
  if (!hook) return 'an unknown hook'
  return [hook.type, hook.name && `"${hook.name}"`, hook.tagExpression, place(hook)].filter(Boolean).join(' ')
}

function describeDefinition(definition) {
  return definition ? `${definition.pattern.type} ${definition.pattern.source} ${place(definition)}` : 'an unknown definition'
}

function place({ sourceReference }) {
  return sourceReference ? `${sourceReference.uri}:${sourceReference.location?.line}` : undefined
}

/** A thrown object may have any message. */
function firstLine(text) {
  return text === undefined ? undefined : String(text).split('\n')[0]
}
