type Messages = Map<string, any>;

/** From the worst to the best. */
const STATUSES = ['FAILED', 'AMBIGUOUS', 'UNDEFINED', 'PENDING', 'SKIPPED', 'PASSED'];

/** How the scenarios and steps of a run ended, read from its Cucumber Messages. */
export class Outcomes {
  private readonly pickles: Messages = new Map();
  private readonly testCases: Messages = new Map();
  private readonly hooks: Messages = new Map();
  private readonly attempts: Messages = new Map();

  constructor(ndjson: string) {
    for (const line of ndjson.split('\n').filter(Boolean)) this.read(JSON.parse(line));
  }

  private read({ pickle, testCase, hook, testCaseStarted, testStepFinished, attachment }): void {
    if (pickle) this.pickles.set(pickle.id, pickle);
    if (testCase) this.testCases.set(testCase.id, testCase);
    if (hook) this.hooks.set(hook.id, hook);
    if (testCaseStarted) this.attempts.set(testCaseStarted.id, { ...testCaseStarted, results: new Map(), logs: [] });
    if (testStepFinished) {
      const { testCaseStartedId, testStepId, testStepResult } = testStepFinished;
      this.attempts.get(testCaseStartedId).results.set(testStepId, testStepResult);
    }
    if (attachment) this.attempts.get(attachment.testCaseStartedId).logs.push(attachment.body);
  }

  /** The name and status of every attempt at a scenario, in order. */
  get scenarios(): string[][] {
    return [...this.attempts.values()].map((attempt) => {
      const statuses = [...attempt.results.values()].map(({ status }) => status);
      const worst = STATUSES.find((status) => statuses.includes(status)) ?? 'PASSED';
      return [this.pickleOf(attempt).name, worst.toLowerCase()];
    });
  }

  /** The text and status of every step of the scenario's last attempt; a hook goes by its name. */
  stepsOf(scenario: string): string[][] {
    const attempt = this.lastAttempt(scenario);
    const texts = new Map(this.pickleOf(attempt).steps.map((step) => [step.id, step.text]));
    return this.testCases.get(attempt.testCaseId).testSteps.map(({ id, hookId, pickleStepId }) => [
      hookId ? (this.hooks.get(hookId).name ?? 'hook') : texts.get(pickleStepId),
      attempt.results.get(id).status.toLowerCase(),
    ]);
  }

  /** The messages of the steps that did not pass. */
  messagesOf(scenario: string): string {
    return [...this.lastAttempt(scenario).results.values()].map(({ message }) => message ?? '').join('\n');
  }

  /** What the scenario's steps logged and attached. */
  logsOf(scenario: string): string[] {
    return this.lastAttempt(scenario).logs;
  }

  private lastAttempt(scenario: string) {
    const attempts = [...this.attempts.values()].filter((attempt) => this.pickleOf(attempt).name === scenario);
    if (attempts.length === 0) throw new Error(`no scenario "${scenario}" was run`);
    return attempts.at(-1);
  }

  private pickleOf(attempt) {
    return this.pickles.get(this.testCases.get(attempt.testCaseId).pickleId);
  }
}
