/** What a host does not show of its bounce buffers, why, and the command that grants it. */
import { join, resolve } from 'node:path';
import { CopytaxError } from '../errors.js';
import type { Rights } from './rights.js';
import { shellWord } from './shell-word.js';
import type { TracingFiles } from './tracing-files.js';

/** Something that is not shown. */
export interface Missing {
  /** `occupancy`: how full pools are. `events`: what is bounced. `pairs`: when mappings end, and in which slots. */
  readonly what: 'occupancy' | 'events' | 'pairs';
  /** Why, as a clause. */
  readonly why: string;
  /** Commands that grant it, one after the other; none where a running Linux cannot grant it. */
  readonly commands: readonly string[];
  /** What grants it instead of commands, or where these have to be run, as a clause; null if there is no more to it. */
  readonly otherwise: string | null;
}

export const DEBUGFS = '/sys/kernel/debug';
export const SWIOTLB = `${DEBUGFS}/swiotlb`;
/** Where tracefs is mounted; on kernels before 4.1, and where debugfs is, also below it. */
const TRACEFS = ['/sys/kernel/tracing', `${DEBUGFS}/tracing`] as const;

/** What is mounted at which of them: kind and source of `mount`. */
const MOUNTED: Readonly<Record<string, string>> = { [DEBUGFS]: 'debugfs none', [TRACEFS[0]]: 'tracefs tracefs' };

const OUTSIDE =
  'do that outside of this user namespace, such as `unshare -U` or a rootless container makes one: ' +
  'Linux refuses it within';
const LOCKDOWN = 'boot without lockdown (`lockdown=confidentiality`), which hides it from root as well';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

/** Finds what is missing, and says what grants it. */
export class MissingFinder {
  readonly #files: TracingFiles;
  readonly #rights: Rights;
  /** The command as a user has run it: `npx copytax watch --count 1`. */
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
    if (!this.#files.has(SWIOTLB))
      return fixed(what, `this Linux has no ${this.#at(SWIOTLB)}`, 'boot one with CONFIG_SWIOTLB');
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
    if (codeOf(error) !== 'EROFS') return this.#refused('events', tracing, error);
    const { isAdmin, isInUserNamespace } = this.#rights;
    const why = `${this.#at(tracing)} is mounted read-only`;
    if (isInUserNamespace) return this.#byCommand('events', why, []);
    if (!isAdmin) return fixed('events', why, this.#container());
    return this.#byCommand('events', why, [`mount -o remount,rw ${shellWord(this.#at(tracing))}`]);
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
    const why = `nothing is mounted at ${this.#at(path)}`;
    const { isRoot, isAdmin, isInUserNamespace } = this.#rights;
    if (isRoot && !isAdmin && !isInUserNamespace) return fixed(what, why, this.#container());
    return this.#byCommand(what, why, [`mount -t ${MOUNTED[path]} ${shellWord(this.#at(path))}`]);
  }

  #refused(what: Missing['what'], path: string, error: unknown): Missing {
    const code = codeOf(error);
    const at = this.#at(path);
    if (!['EACCES', 'EPERM'].includes(code)) {
      return fixed(what, `${at} cannot be used (${code})`, 'look at the log of Linux (`dmesg`)');
    }
    const { isRoot, isAdmin, isInUserNamespace } = this.#rights;
    if (!isRoot || isInUserNamespace) return this.#byCommand(what, `${at} is for root of the host alone`, []);
    return fixed(what, `${at} is refused to root (${code})`, isAdmin ? LOCKDOWN : this.#container());
  }

  #byCommand(what: Missing['what'], why: string, commands: readonly string[]): Missing {
    const { isRoot, isInUserNamespace } = this.#rights;
    if (isRoot && !isInUserNamespace) return { what, why, commands, otherwise: null };
    const all = [...commands, this.#command].map((command) => `sudo ${command}`);
    return { what, why, commands: all, otherwise: isInUserNamespace ? OUTSIDE : null };
  }

  /** Where a file of Linux lies in this file system, by a name that holds in every folder. */
  #at(path: string): string {
    return resolve(this.#files.at(path));
  }

  #container(): string {
    const shared = [DEBUGFS, TRACEFS[0]].map((path) => ` -v ${path}:${shellWord(this.#at(path))}`).join('');
    return `start the container with \`--privileged${shared}\`, or run this on its host`;
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
