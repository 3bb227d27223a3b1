/**
 * The files in which Linux describes its host, below a root folder that a test may replace. Missing files are normal
 * (in containers, in guests, on other architectures): for every fact that is not known, the reason is recorded.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface MissingFact {
  fact: string;
  reason: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there on this host',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ERR_ACCESS_DENIED: 'may not be read by this Node (--permission)',
  ENOTDIR: 'is not there on this host',
  ELOOP: 'is a link that leads nowhere',
};

function reasonOf(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `${path} ${REASONS[code] ?? `cannot be read (${code})`}`;
}

/** Text without white space at its ends, and without the NUL that some firmware tables and drivers leave there. */
function trimmed(text: string): string {
  return text.replaceAll('\0', ' ').trim();
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

  /** Returns the text of a file without white space and NUL at its ends, or null. Records nothing. */
  text(path: string): string | null {
    try {
      return trimmed(readFileSync(join(this.#root, path), 'utf8'));
    } catch {
      return null;
    }
  }

  /** Returns why a file cannot be read, or that it does not say what was looked for. */
  reason(path: string): string {
    try {
      readFileSync(join(this.#root, path));
      return `${path} does not say`;
    } catch (error) {
      return reasonOf(path, error);
    }
  }

  /** Returns why a folder cannot be listed, or that nothing in it says what was looked for. */
  folderReason(path: string): string {
    try {
      readdirSync(join(this.#root, path));
      return `nothing in ${path} says it`;
    } catch (error) {
      return reasonOf(path, error);
    }
  }

  /** Whether there is neither a file nor a folder of this path. False where it may be there and cannot be read. */
  isAbsent(path: string): boolean {
    try {
      statSync(join(this.#root, path));
      return false;
    } catch (error) {
      return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    }
  }

  /** Returns the bytes of a file, or null. Records nothing. */
  bytes(path: string): Buffer | null {
    try {
      return readFileSync(join(this.#root, path));
    } catch {
      return null;
    }
  }

  /** Returns where a symbolic link points to, as it is written, or null. Records nothing. */
  link(path: string): string | null {
    try {
      return readlinkSync(join(this.#root, path));
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
      text = trimmed(readFileSync(join(this.#root, path), 'utf8'));
    } catch (error) {
      return this.miss(fact, reasonOf(path, error));
    }
    return parse(text) ?? this.miss(fact, `${path} does not say`);
  }
}
