/** Why Linux refuses a performance counter, and what grants it. Pure. */
import { constants } from 'node:os';

/** What decides it besides the error. */
export interface CounterLimits {
  /** `kernel.perf_event_paranoid`; null: not known. */
  readonly paranoid: number | null;
  /** Whether the user is root. */
  readonly isRoot: boolean;
}

/** Why a counter is missing, as a clause, and what to try. */
export interface Refusal {
  readonly why: string;
  readonly remedy: string;
}

/** At this level an ordinary user may count what a thread does in user mode; some distributions know levels above. */
const USER_MODE_LEVEL = 2;

const FILTER: Refusal = {
  why: 'not permitted, as by a filter of system calls of a container or service',
  remedy: 'allow perf_event_open there: docker run --cap-add PERFMON, or SystemCallFilter=perf_event_open',
};

function ofPermission({ paranoid, isRoot }: CounterLimits): Refusal {
  if (isRoot || (paranoid !== null && paranoid <= USER_MODE_LEVEL)) {
    return paranoid === null ? FILTER : { ...FILTER, why: `${FILTER.why}: kernel.perf_event_paranoid is ${paranoid}` };
  }
  const level = paranoid === null ? 'not known here' : `${paranoid} here`;
  return {
    why: `not permitted to an ordinary user: kernel.perf_event_paranoid is ${level}`,
    remedy: `sudo sysctl kernel.perf_event_paranoid=${USER_MODE_LEVEL}, or give node the capability cap_perfmon`,
  };
}

const NOT_OFFERED: Refusal = {
  why: 'not offered by this CPU, or a hypervisor keeps it from its guests',
  remedy: 'measure on bare metal, or give the guest a virtual PMU',
};

/** By name of the error. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ENOENT: NOT_OFFERED,
  ENODEV: NOT_OFFERED,
  ENXIO: NOT_OFFERED,
  EINVAL: NOT_OFFERED,
  EOPNOTSUPP: NOT_OFFERED,
  ENOSYS: {
    why: 'this Linux has no performance events, or a sandbox hides them',
    remedy: 'measure outside the sandbox, or with a Linux that has CONFIG_PERF_EVENTS',
  },
  EMFILE: { why: 'this process has as many files open as it may', remedy: 'raise the limit of open files: ulimit -n' },
  ENFILE: { why: 'the host has as many files open as it may', remedy: 'raise fs.file-max' },
  EBUSY: { why: 'another program has the counter for itself', remedy: 'stop other profilers' },
  ENOSPC: { why: 'others use all such counters', remedy: 'stop other profilers' },
};

const nameOf = (errno: number) => Object.entries(constants.errno).find(([, number]) => number === errno)?.[0];

/** Returns why a counter was refused with this error number. */
export function counterRefusal(errno: number, limits: CounterLimits): Refusal {
  if (errno === constants.errno.EACCES || errno === constants.errno.EPERM) return ofPermission(limits);
  const name = errno === constants.errno.ENOTSUP ? 'EOPNOTSUPP' : (nameOf(errno) ?? `error ${errno}`);
  return REFUSALS[name] ?? { why: `refused with ${name}`, remedy: 'see perf_event_open(2) for this error' };
}
