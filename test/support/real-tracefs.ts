/**
 * The tracefs of this host, for tests that have to run on the real one: where root may mount it, in a namespace of its
 * own, so that nothing is mounted for others. What is made in it is there for all, as tracefs is one for a host.
 */
import { spawnSync } from 'node:child_process';
import { it } from '@jest/globals';

const TRACING = '/sys/kernel/tracing';
const MOUNTED = `mountpoint -q ${TRACING} || mount -t tracefs tracefs ${TRACING}`;
const DEBUGFS = 'mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug';

/** Starts a command where tracefs, and debugfs if that is possible, are mounted. */
export const WITH_TRACEFS: readonly string[] = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `${MOUNTED} && { ${DEBUGFS} || true; } && exec "$@"`,
  'sh',
];

/** Runs a shell command there. Returns its output, or null if it has failed. */
export function inTracefs(command: string): string | null {
  const [program, ...args] = [...WITH_TRACEFS, 'sh', '-c', `cd ${TRACING} && ${command}`];
  const { status, stdout } = spawnSync(program!, args, { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

/** Whether this host lets this process have an instance, and has the event. */
const isUsable = inTracefs('test -e events/swiotlb/swiotlb_bounced && test -w instances && echo yes') === 'yes\n';

if (!isUsable) console.warn('SKIPPED: tests on the real tracefs, which this process may not use or which has no event');

/** `it`, or `it.skip` on a host without such a tracefs. */
export const itOnTracefs: typeof it | typeof it.skip = isUsable ? it : it.skip;
