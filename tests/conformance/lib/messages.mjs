// Cucumber Messages of a run, reduced to what two runs must have in common: no ids, no times.

export function parse(ndjson) {
  return ndjson.split('\n').filter(Boolean).map((line) => JSON.parse(line))
}

/**
 * Gives { order, scenarios: { 'URI:LINE #ATTEMPT': { name, steps, retried } }, runHooks, definitions,
 * suggestions, success, … }. With `unordered`, what depends on the timing of workers is sorted.
 */
export function reduce(ndjson, { unordered = false } = {}) {
  const envelopes = parse(ndjson)
  const all = (kind) => envelopes.filter((envelope) => envelope[kind]).map((envelope) => envelope[kind])
  const index = (kind) => new Map(all(kind).map((item) => [item.id, item]))
  const pickles = index('pickle')
  const definitions = index('stepDefinition')
  const hooks = index('hook')
  const cases = index('testCase')
  const attachments = all('attachment')

  const scenarios = {}
  const order = []
  for (const started of all('testCaseStarted')) {
    const testCase = cases.get(started.testCaseId)
    const pickle = pickles.get(testCase.pickleId)
    const key = `${pickle.uri}:${pickle.location?.line} #${started.attempt}`
    const mine = (kind) => all(kind).filter((item) => item.testCaseStartedId === started.id)
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
    ci: all('meta')[0]?.ci,
    order,
    scenarios,
    runHooks: all('testRunHookFinished').map((finished) => {
      const begun = all('testRunHookStarted').find(({ id }) => id === finished.testRunHookStartedId)
      return {
        hook: describeHook(hooks.get(begun?.hookId)),
        ...describeResult(finished.result),
        attachments: attachments.filter((item) => item.testRunHookStartedId === begun?.id).map(describeAttachment),
      }
    }),
    definitions: all('stepDefinition').map(describeDefinition),
    hooks: all('hook').map(describeHook),
    parameterTypes: all('parameterType').map(({ id, ...type }) => ({ ...type, sourceReference: place(type) })),
    undefinedParameterTypes: all('undefinedParameterType'),
    suggestions: all('suggestion').map((suggestion) => suggestion.snippets),
    parseErrors: all('parseError'),
    finished: all('testRunFinished').map(({ success, message }) => ({ success, message })),
  }
  if (unordered) {
    order.sort()
    for (const list of ['runHooks', 'suggestions']) reduced[list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
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

function firstLine(text) {
  return text?.split('\n')[0]
}
