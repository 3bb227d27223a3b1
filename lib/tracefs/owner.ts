/**
 * Names of what a process makes on its host, from which another process tells whether it has ended. A PID means nothing
 * in another PID namespace, so a name has the number of its namespace as well.
 */
import { readlinkSync } from 'node:fs';

export interface Owner {
  readonly pid: number;
  /** Number of its PID namespace, as text; 0 where /proc does not tell it. */
  readonly namespace: string;
}

/** The number of the PID namespace of this process. */
function ownNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

export function thisProcess(): Owner {
  return { pid: process.pid, namespace: ownNamespace() };
}

const SEPARATED = /copytax([-_])(\d+)\1(\d+)/;

/** `copytax-4711-4026531836`. A group of probes has `_` for a separator. */
export function nameOf({ pid, namespace }: Owner, separator: '-' | '_' = '-'): string {
  return ['copytax', pid, namespace].join(separator);
}

/** Returns the owner that a name tells, or null. */
export function ownerOf(name: string): Owner | null {
  const match = SEPARATED.exec(name);
  return match === null ? null : { pid: Number(match[2]), namespace: match[3]! };
}

/** Whether a process of this PID runs. One of another user does. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Whether the owner is known to have ended. This process has made nothing when it asks, so that what bears its PID is
 * of an earlier one. False for an owner in another namespace.
 */
export function hasEnded({ pid, namespace }: Owner, own: Owner = thisProcess()): boolean {
  return namespace === own.namespace && (pid === own.pid || !runs(pid));
}
