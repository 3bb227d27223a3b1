/**
 * What this process has used so far. A seccomp filter may refuse `getrusage`; then the same is read from /proc, where
 * threads that have ended are not counted, and CPU time goes in steps of 10 ms.
 */
import { HostFiles } from '../facts/host-files.js';

/** CPU time, and how often Linux took a CPU away, of all threads of this process. */
export interface ProcessUsage {
  /** Milliseconds; NaN if Linux does not tell. */
  readonly cpuMs: number;
  /** Times that a thread lost its CPU that could have run on; 0 if Linux does not tell. */
  readonly involuntarySwitches: number;
}

/** Unit of /proc/self/stat: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

function switchesOf(files: HostFiles, thread: string): number {
  const status = files.text(`/proc/self/task/${thread}/status`) ?? '';
  return Number(/^nonvoluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
}

/** Reads it from /proc below `root`. */
export function usageOfFiles(files: HostFiles): ProcessUsage {
  const stat = files.text('/proc/self/stat') ?? '';
  // The name of the program, in brackets, may hold anything; fields 14 and 15 of proc_pid_stat(5) follow it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const switches = files.entries('/proc/self/task').map((thread) => switchesOf(files, thread));
  return { cpuMs: ticks * TICK_MS, involuntarySwitches: switches.reduce((sum, count) => sum + count, 0) };
}

/** Never throws. `resourceUsage`: of Node, which throws where Linux refuses. */
export function processUsage(files = new HostFiles(), resourceUsage = () => process.resourceUsage()): ProcessUsage {
  try {
    const { userCPUTime, systemCPUTime, involuntaryContextSwitches } = resourceUsage();
    return { cpuMs: (userCPUTime + systemCPUTime) / 1000, involuntarySwitches: involuntaryContextSwitches };
  } catch {
    return usageOfFiles(files);
  }
}
