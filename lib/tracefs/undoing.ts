/**
 * Undoes what a command has changed on its host, the last change first: at its end, and when the process exits before
 * that. What a process that is killed leaves behind is found by the next one: see leftovers.ts.
 */

type ExitSource = Pick<NodeJS.Process, 'on' | 'off'>;

/** Main thread only. */
export class Undoing {
  readonly #undos: (() => void)[] = [];
  readonly #failures: string[] = [];
  readonly #source: ExitSource;
  readonly #atExit = () => void this.undo();

  constructor(source: ExitSource = process) {
    this.#source = source;
    source.on('exit', this.#atExit);
  }

  /** Adds what undoes the next change. Call it before the change: `undo` has to bear that nothing was changed. */
  add(undo: () => void): void {
    this.#undos.push(undo);
  }

  /** Undoes all changes. Returns what could not be undone, and why. Idempotent. Never throws. */
  undo(): readonly string[] {
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      try {
        undo();
      } catch (error) {
        this.#failures.push((error as Error).message);
      }
    }
    this.#source.off('exit', this.#atExit);
    return this.#failures;
  }
}
