/**
 * Whether this host lets a program have a user and a network namespace of its own (`unshare -Urn PROGRAM`), in which it
 * may make interfaces and raw sockets without rights outside; and if not, what refuses it and what grants it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isMissingRight } from '../addon/socket-refusals.js';
import { isCopytaxError, remedyFor } from '../errors.js';

/** The words that run a program in namespaces of its own. */
export const IN_NAMESPACE = ['unshare', '-Urn'] as const;

/** Something that a host does not grant. */
export interface NamespaceRefusal {
  /** What cannot be done. */
  readonly what: string;
  /** What refuses it, or what Linux said where that is unknown. */
  readonly why: string;
  /** What grants it. One clause, without a full stop. */
  readonly remedy: string;
}

/** What trying to make the namespaces came to. */
export interface NamespaceAttempt {
  /** Exit status; null for a program that did not start or was killed. */
  readonly status: number | null;
  /** What it said on standard error, in the language C. */
  readonly said: string;
  /** Code of the error of a program that did not start. */
  readonly code?: string | undefined;
}

/** Returns the text of a file of /proc, or null where there is none. */
export type ReadProc = (path: string) => string | null;

const WHAT = 'a network namespace of its own';
const TIMEOUT_MS = 30_000;

/**
 * Returns why this host refuses the namespaces; null where it grants them. Starts a program, and waits for its end.
 * `attempt` and `read` are of this host unless given.
 */
export function namespaceRefusal(
  attempt: NamespaceAttempt = attemptNamespace(),
  read: ReadProc = readProc,
): NamespaceRefusal | null {
  if (attempt.status === 0) return null;
  const said = attempt.said.trim();
  if (attempt.code === 'ENOENT') {
    return refusal('there is no program `unshare`', 'install util-linux, or run it as root in a namespace of your own');
  }
  if (attempt.code !== undefined) return refusal(`\`unshare\` does not start (${attempt.code})`, 'run it as root');
  if (numberIn(read('/proc/sys/user/max_user_namespaces')) === 0) {
    return refusal('user.max_user_namespaces is 0', 'sysctl -w user.max_user_namespaces=65536');
  }
  if (numberIn(read('/proc/sys/user/max_net_namespaces')) === 0) {
    return refusal('user.max_net_namespaces is 0', 'sysctl -w user.max_net_namespaces=65536');
  }
  if (/No space left on device/.test(said)) {
    const names = 'user.max_user_namespaces or user.max_net_namespaces';
    return refusal(`${names} is reached, or user namespaces are nested too deep`, `raise ${names} (\`sysctl -w\`)`);
  }
  if (/Invalid argument|Function not implemented/.test(said)) {
    return refusal('Linux was built without CONFIG_USER_NS or CONFIG_NET_NS', 'use a Linux that has them');
  }
  return ofRights(said, read);
}

/** What refuses a namespace with EPERM, in the order in which Linux asks. */
function ofRights(said: string, read: ReadProc): NamespaceRefusal {
  const sysctl = (name: string, refusing: number, granting: number) => {
    if (numberIn(read(`/proc/sys/${name.replaceAll('.', '/')}`)) !== refusing) return null;
    return refusal(`${name} is ${refusing}`, `sysctl -w ${name}=${granting}`);
  };
  if (/Operation not permitted|Permission denied/.test(said)) {
    const bySysctl =
      sysctl('kernel.unprivileged_userns_clone', 0, 1) ?? sysctl('kernel.apparmor_restrict_unprivileged_userns', 1, 0);
    if (bySysctl !== null) return bySysctl;
    const seccomp = /^Seccomp:\s*(\d+)/m.exec(read('/proc/self/status') ?? '')?.[1];
    if (seccomp !== undefined && seccomp !== '0') {
      const granted = '--security-opt seccomp=unconfined, seccompProfile: Unconfined, RestrictNamespaces=no';
      return refusal('a seccomp filter of the container or the service refuses it', `start it with less: ${granted}`);
    }
  }
  return refusal(
    `Linux does not say (\`unshare\` said: ${said || 'nothing'})`,
    'run it as root, outside of a container',
  );
}

/**
 * Returns what is missing where a call within the namespaces was refused for want of a right, of room for locked memory
 * or of a part of Linux; null for every other error, which is a failure and no reason to leave anything out.
 */
export function rightRefusal(error: unknown): NamespaceRefusal | null {
  if (!isCopytaxError(error, 'ERR_SOCKET')) return null;
  const { errno, syscall, remedy } = error.details;
  if (!isMissingRight(errno, syscall)) return null;
  const what = String(syscall);
  return { what, why: error.message, remedy: typeof remedy === 'string' ? remedy : remedyFor('ERR_SOCKET') };
}

/** Returns a refusal as one line. */
export function refusalText({ what, why, remedy }: NamespaceRefusal): string {
  return `${what} is missing: ${why}; to grant it: ${remedy}`;
}

function refusal(why: string, remedy: string): NamespaceRefusal {
  return { what: WHAT, why, remedy };
}

function attemptNamespace(): NamespaceAttempt {
  const [program, ...options] = IN_NAMESPACE;
  const env = { ...process.env, LC_ALL: 'C' };
  const ended = spawnSync(program, [...options, 'true'], { encoding: 'utf8', env, timeout: TIMEOUT_MS });
  const code = (ended.error as NodeJS.ErrnoException | undefined)?.code;
  return { status: ended.status, said: ended.stderr ?? '', code };
}

/** An empty file is no 0. */
function numberIn(text: string | null): number | null {
  return text === null || text.trim() === '' ? null : Number(text);
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
