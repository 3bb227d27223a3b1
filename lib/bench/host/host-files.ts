/**
 * The files in which Linux describes its host, below a root folder that a test may replace. Missing files are normal
 * (in containers, in guests, on other architectures): for every fact that is not known, the reason is recorded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MissingFact {
  fact: string;
  reason: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there on this host',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ENOTDIR: 'is not there on this host',
};

function reasonOf(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `${path} ${REASONS[code] ?? `cannot be read (${code})`}`;
}

/** Used by one thread, for one gathering of facts. */
export class HostFiles {
  readonly missing: MissingFact[] = [];
  readonly #root: string;

  /** `root` is `/` on a real host. */
  constructor(root = '/') {
    this.#root = root;
  }

  /** Records why `fact` is not known. Returns null, which stands for the fact. */
  miss(fact: string, reason: string): null {
    if (!this.missing.some((known) => known.fact === fact)) this.missing.push({ fact, reason });
    return null;
  }

  /** Returns the text of a file without surrounding white space, or null. Records nothing. */
  text(path: string): string | null {
    try {
      return readFileSync(join(this.#root, path), 'utf8').trim();
    } catch {
      return null;
    }
  }

  /** Returns the names in a folder in natural order, or an empty list. Records nothing. */
  entries(path: string): string[] {
    try {
      return readdirSync(join(this.#root, path)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    } catch {
      return [];
    }
  }

  /** Returns a fact from one file, or records why it is not known. `parse` returns null if the text does not say. */
  fact<Value>(fact: string, path: string, parse: (text: string) => Value | null): Value | null {
    let text: string;
    try {
      text = readFileSync(join(this.#root, path), 'utf8').trim();
    } catch (error) {
      return this.miss(fact, reasonOf(path, error));
    }
    return parse(text) ?? this.miss(fact, `${path} does not say`);
  }
}
