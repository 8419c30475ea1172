import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commands } from 'quickcuke';
import { Outcomes } from './outcomes';

/** A suite in a directory of its own, and what became of it when quickcuke ran it. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), 'project-'));
  exitCode?: number;

  /** @param program the quickcuke to run; empty for the one that is running */
  constructor(private readonly program: string) {}

  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }

  read(path: string): string {
    const file = join(this.directory, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** @param options of the command line, quoted as for a shell */
  async run(options: string): Promise<void> {
    this.exitCode = await commands.run('quickcuke', {
      project: this.directory,
      arguments: `${options} --format message:.messages`,
      program: this.program,
    });
  }

  get stdout(): string {
    return this.read('.stdout');
  }

  get stderr(): string {
    return this.read('.stderr');
  }

  get outcomes(): Outcomes {
    return new Outcomes(this.read('.messages'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
