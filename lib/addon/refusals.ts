/**
 * What to do about a system call that Linux refused. The error number tells what refused it: Linux itself has limits,
 * and says EINVAL for what is not there; a seccomp filter of a service or a container says EPERM, EACCES or ENOSYS
 * whatever is asked for.
 */
import { constants } from 'node:os';
import { MORE_THREADS } from '../remedies.js';
import { socketRemedyOf } from './socket-refusals.js';

/** True for an error number with which a filter refuses a call, whatever its arguments are. */
export function isOfFilter(errno: unknown): boolean {
  const { EPERM, EACCES, ENOSYS } = constants.errno;
  return [EPERM, EACCES, ENOSYS].includes(errno as number);
}

const allow = (call: string) => `allow ${call}: SystemCallFilter= of the service or the seccomp profile refuses it`;

/**
 * Returns what to do where a filter refused to lock memory; undefined where the limit did. Without any lockable memory
 * Linux itself says EPERM. `limitBytes`: on locked memory, negative for none.
 */
export function filteredLockRemedy(errno: number, limitBytes: number): string | undefined {
  return isOfFilter(errno) && !(errno === constants.errno.EPERM && limitBytes === 0) ? allow('mlock') : undefined;
}

/** Returns what to do about an error of the addon; undefined if the remedy of its code fits. */
export function remedyOf(code: string, details: Readonly<Record<string, unknown>>): string | undefined {
  const { errno, syscall, limitBytes } = details;
  if (syscall === 'pthread_create') return MORE_THREADS;
  if (syscall === 'mbind') {
    if (isOfFilter(errno)) return `${allow('mbind')}, in containers also without CAP_SYS_NICE; or leave out numaNode`;
    return errno === constants.errno.EINVAL
      ? 'choose a memory node that `copytax machine` lists, or leave out numaNode'
      : undefined;
  }
  if (code === 'ERR_SOCKET') return socketRemedyOf(errno, syscall);
  if (code === 'ERR_CPU_PIN' && isOfFilter(errno)) {
    return `${allow('sched_setaffinity')}; or pin no thread, as \`new ThreadedMachine([])\` does`;
  }
  if (code !== 'ERR_REGION_LOCK') return undefined;
  const remedy = filteredLockRemedy(errno as number, limitBytes as number);
  return remedy && `${remedy}; or use lock: "try"`;
}
