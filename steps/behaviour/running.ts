// Steps that set up a suite and run the real command on it.

import { After, Given, When, type World } from '@cucumber/cucumber';
import { Project } from './project';

let project: Project | undefined;

/** The project of the running scenario. A module variable is enough: every scenario has modules of its own. */
export function theProject(world: World): Project {
  project ??= new Project(world.parameters.quickcuke ?? '');
  return project;
}

Given('a file {string} with:', function (path: string, text: string) {
  theProject(this).write(path, text);
});

Given('a feature:', function (text: string) {
  theProject(this).write('features/a.feature', text);
});

Given('steps:', function (text: string) {
  theProject(this).write('steps/a.ts', text);
});

When('I run quickcuke', { timeout: 60_000 }, async function () {
  await theProject(this).run('');
});

When('I run quickcuke with {string}', { timeout: 60_000 }, async function (options: string) {
  await theProject(this).run(options);
});

After({ name: 'show and remove the project' }, function ({ result }) {
  if (project === undefined) return;
  if (result.status === 'FAILED') this.log(`${project.stdout}\n${project.stderr}`);
  project.remove();
});
