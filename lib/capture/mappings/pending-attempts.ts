/** What tasks are in the middle of: attempts whose outcome has not been told, and calls that have not returned. */
import type { CaptureEvent } from '../capture-event.js';
import type { CapturedMapping } from './captured-mapping.js';

/** Attempts that one task may have open: a list of buffers is tried as a whole before its outcome is told. */
const MOST_OPEN = 1024;
/** An attempt of which a task told no more for so long has no outcome in the capture. */
const PATIENCE_NS = 100e6;

/** Tasks are told apart by their number; the idle task, of which each CPU has one, by its CPU. */
export function taskOf({ pid, cpu }: Pick<CaptureEvent, 'pid' | 'cpu'>): number {
  return pid === 0 ? -1 - cpu : pid;
}

/** Attempts by task. Owner: one reader. */
export class PendingAttempts {
  readonly #ofTask = new Map<number, CapturedMapping[]>();

  /** Adds an attempt. Returns those of its task of which no more will be told. */
  add(task: number, attempt: CapturedMapping): CapturedMapping[] {
    const open = this.#ofTask.get(task);
    if (open === undefined) {
      this.#ofTask.set(task, [attempt]);
      return [];
    }
    const fresh = open.findIndex(({ timeNs }) => attempt.timeNs - timeNs <= PATIENCE_NS);
    const stale = fresh < 0 ? open.length : fresh;
    const given = open.splice(0, Math.max(stale, open.length + 1 - MOST_OPEN));
    open.push(attempt);
    return given;
  }

  /** Removes and returns the latest attempt of the task at that address with that size; null if there is none. */
  take(task: number, address: number | null, size: number): CapturedMapping | null {
    const open = this.#ofTask.get(task);
    if (open === undefined) return null;
    const at = open.findLastIndex((one) => one.address === address && one.size === size);
    if (at < 0) return null;
    const [taken] = open.splice(at, 1);
    if (open.length === 0) this.#ofTask.delete(task);
    return taken!;
  }

  /** Removes and returns all. */
  drain(): CapturedMapping[] {
    const all = [...this.#ofTask.values()].flat().sort((a, b) => a.id - b.id);
    this.#ofTask.clear();
    return all;
  }
}
