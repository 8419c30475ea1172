// Steps that look at what became of a run.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type DataTable, Then } from '@cucumber/cucumber';
import { theProject } from './running';

function contains(text: string, part: string): void {
  assert.ok(text.includes(part), `there is no\n${part}\nin\n${text}`);
}

Then('it passes', function () {
  assert.equal(theProject(this).exitCode, 0);
});

Then('it fails', function () {
  assert.equal(theProject(this).exitCode, 1);
});

Then('the scenarios end as:', function (expected: DataTable) {
  assert.deepEqual(theProject(this).outcomes.scenarios, expected.raw());
});

Then('the steps of {string} end as:', function (scenario: string, expected: DataTable) {
  assert.deepEqual(theProject(this).outcomes.stepsOf(scenario), expected.raw());
});

Then('no scenario runs', function () {
  assert.deepEqual(theProject(this).outcomes.scenarios, []);
});

Then('{string} fails with:', function (scenario: string, message: string) {
  contains(theProject(this).outcomes.messagesOf(scenario), message);
});

Then('{string} logs:', function (scenario: string, expected: DataTable) {
  assert.deepEqual(theProject(this).outcomes.logsOf(scenario), expected.raw().flat());
});

Then('it prints:', function (text: string) {
  contains(theProject(this).stdout, text);
});

Then('it complains:', function (text: string) {
  contains(theProject(this).stderr, text);
});

Then('the file {string} contains:', function (path: string, text: string) {
  contains(theProject(this).read(path), text);
});

Then('no process listed in {string} is alive', function (path: string) {
  const ids = theProject(this).read(path).trim().split('\n');
  assert.deepEqual(ids.filter((id) => !/^\d+$/.test(id)), [], 'not a list of processes');
  assert.deepEqual(ids.filter(isAlive), []);
});

/** Whether there is such a process and it is more than an entry that waits to be reaped. */
function isAlive(id: string): boolean {
  const stat = `/proc/${id}/stat`;
  return existsSync(stat) && !/\) Z/.test(readFileSync(stat, 'utf8'));
}
