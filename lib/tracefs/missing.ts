/** What a host does not show of its bounce buffers, why, and the command that grants it. */
import { join } from 'node:path';
import { CopytaxError } from '../errors.js';
import type { TracingFiles } from './tracing-files.js';

/** Something that is not shown. */
export interface Missing {
  /** `occupancy`: how full pools are. `events`: what is bounced. `pairs`: when mappings end, and in which slots. */
  readonly what: 'occupancy' | 'events' | 'pairs';
  /** Why, as a clause. */
  readonly why: string;
  /** Commands that grant it, one after the other; none where a running Linux cannot grant it. */
  readonly commands: readonly string[];
  /** What else would grant it, as a clause; null where commands do. */
  readonly otherwise: string | null;
}

/** What a process may do. */
export interface Rights {
  readonly isRoot: boolean;
  /** Whether it has CAP_SYS_ADMIN, which root of a container has not by default. */
  readonly isAdmin: boolean;
}

const CAP_SYS_ADMIN = 21n;

/** The rights of this process, whatever root the files have. */
export function ownRights(status: string | null): Rights {
  const capabilities = BigInt(`0x${/^CapEff:\s*([\da-f]+)$/m.exec(status ?? '')?.[1] ?? '0'}`);
  return { isRoot: process.geteuid?.() === 0, isAdmin: ((capabilities >> CAP_SYS_ADMIN) & 1n) === 1n };
}

export const DEBUGFS = '/sys/kernel/debug';
export const SWIOTLB = `${DEBUGFS}/swiotlb`;
/** Where tracefs is mounted; on kernels before 4.1, and where debugfs is, also below it. */
const TRACEFS = ['/sys/kernel/tracing', `${DEBUGFS}/tracing`] as const;

const MOUNTS: Readonly<Record<string, string>> = {
  [DEBUGFS]: `mount -t debugfs none ${DEBUGFS}`,
  [TRACEFS[0]]: `mount -t tracefs tracefs ${TRACEFS[0]}`,
};

const CONTAINER =
  `start the container with \`--privileged -v ${DEBUGFS}:${DEBUGFS} -v ${TRACEFS[0]}:${TRACEFS[0]}\`, ` +
  'or run this on its host';
const LOCKDOWN = 'boot without lockdown (`lockdown=confidentiality`), which hides it from root as well';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

/** Finds what is missing, and says what grants it. */
export class MissingFinder {
  readonly #files: TracingFiles;
  readonly #rights: Rights;
  /** The command as a user runs it: `npx copytax watch`. */
  readonly #command: string;

  constructor(files: TracingFiles, rights: Rights, command: string) {
    this.#files = files;
    this.#rights = rights;
    this.#command = command;
  }

  /** What hides the counters of debugfs; null if they can be read. */
  occupancy(): Missing | null {
    const what = 'occupancy';
    const hidden = this.#hidden(what, DEBUGFS, 'debugfs (CONFIG_DEBUG_FS)');
    if (hidden !== null) return hidden;
    if (!this.#files.has(SWIOTLB)) return fixed(what, `this Linux has no ${SWIOTLB}`, 'boot one with CONFIG_SWIOTLB');
    let names: readonly string[];
    try {
      names = this.#files.list(SWIOTLB);
    } catch (error) {
      return this.#refused(what, SWIOTLB, error);
    }
    return this.#allRefused(what, names);
  }

  /** Where tracefs is, with the event of swiotlb; or what hides it. */
  tracing(): string | Missing {
    const what = 'events';
    const found = TRACEFS.find((path) => this.#files.has(`${path}/events`));
    if (found === undefined) {
      const shown = 'tracefs (CONFIG_EVENT_TRACING)';
      return this.#hidden(what, TRACEFS[0], shown) ?? fixed(what, `this Linux has no ${shown}`, 'boot one that has it');
    }
    if (!this.#files.has(`${found}/events/swiotlb/swiotlb_bounced`)) {
      // A folder that may not be searched looks as if nothing was in it.
      try {
        this.#files.list(`${found}/events`);
      } catch (error) {
        return this.#refused(what, found, error);
      }
      return fixed(what, 'this Linux has no event swiotlb_bounced', 'boot one with CONFIG_SWIOTLB');
    }
    return found;
  }

  /** What hides all counters: a single one that is hidden is unknown, and hides no other. */
  #allRefused(what: Missing['what'], names: readonly string[]): Missing | null {
    const isCounter = (name: string) => name.startsWith('io_tlb_');
    let first: unknown = null;
    for (const name of names) {
      try {
        const within = isCounter(name) ? [''] : this.#files.list(`${SWIOTLB}/${name}`).filter(isCounter);
        for (const counter of within) {
          if (this.#reads(join(SWIOTLB, name, counter), (error) => (first ??= error))) return null;
        }
      } catch (error) {
        first ??= error;
      }
    }
    return first === null ? noPool(what) : this.#refused(what, SWIOTLB, first);
  }

  #reads(path: string, onError: (error: unknown) => void): boolean {
    try {
      this.#files.text(path);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  /** What hides events, by the error with which Linux refused an instance of tracing. */
  refusedInstance(tracing: string, error: unknown): Missing {
    if (codeOf(error) === 'EROFS') {
      return this.#rights.isAdmin
        ? this.#byCommand('events', `${tracing} is mounted read-only`, [`mount -o remount,rw ${tracing}`])
        : fixed('events', `${tracing} is mounted read-only`, CONTAINER);
    }
    return this.#refused('events', tracing, error);
  }

  /** A folder that is not there, may not be read, or where nothing is mounted; null if something is in it. */
  #hidden(what: Missing['what'], path: string, shown: string): Missing | null {
    let names: readonly string[];
    try {
      names = this.#files.list(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return fixed(what, `this Linux has no ${shown}`, 'boot one that has it');
      return this.#refused(what, path, error);
    }
    if (names.length > 0) return null;
    const why = `nothing is mounted at ${path}`;
    if (this.#rights.isRoot && !this.#rights.isAdmin) return fixed(what, why, CONTAINER);
    return this.#byCommand(what, why, [MOUNTS[path]!]);
  }

  #refused(what: Missing['what'], path: string, error: unknown): Missing {
    const code = codeOf(error);
    if (!['EACCES', 'EPERM'].includes(code)) {
      return fixed(what, `${path} cannot be used (${code})`, 'look at the log of Linux (`dmesg`)');
    }
    if (!this.#rights.isRoot) return this.#byCommand(what, `${path} is for root alone`, []);
    const why = `${path} is refused to root (${code})`;
    return fixed(what, why, this.#rights.isAdmin ? LOCKDOWN : CONTAINER);
  }

  #byCommand(what: Missing['what'], why: string, commands: readonly string[]): Missing {
    if (this.#rights.isRoot) return { what, why, commands, otherwise: null };
    return { what, why, commands: [...commands, this.#command].map((command) => `sudo ${command}`), otherwise: null };
  }
}

export function fixed(what: Missing['what'], why: string, otherwise: string): Missing {
  return { what, why, commands: [], otherwise };
}

function noPool(what: Missing['what']): Missing {
  const why = 'this Linux has no slot pool: its devices reach all memory, or `swiotlb=noforce` forbids one';
  return fixed(what, why, 'boot with `swiotlb=force`, which bounces everything, to see it nevertheless');
}

/** How it is granted, as a clause: each command once, the last ones of all at the end. */
function grantOf(missing: readonly Missing[]): string {
  const quoted = missing.flatMap(({ commands }) => commands).map((command) => `\`${command}\``);
  const once = quoted.filter((command, at) => quoted.lastIndexOf(command) === at);
  const others = missing.flatMap(({ otherwise }) => otherwise ?? []);
  return [...(once.length === 0 ? [] : [`run ${once.join(', then ')}`]), ...new Set(others)].join('; ');
}

function whatIsMissing({ what, why }: Missing): string {
  return `${what} ${what === 'occupancy' ? 'is' : 'are'} not shown, because ${why}`;
}

/** `occupancy is not shown, because nothing is mounted at ...: run ...`. */
export function missingText(missing: Missing): string {
  return `${whatIsMissing(missing)}: ${grantOf([missing])}`;
}

/** The error of a command that can show nothing. */
export function nothingShown(missing: readonly Missing[]): CopytaxError {
  const message = missing.map(whatIsMissing).join('; ');
  return new CopytaxError('ERR_TRACING', message, { missing, remedy: grantOf(missing) });
}
