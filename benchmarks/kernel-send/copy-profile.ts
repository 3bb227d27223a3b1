/**
 * Checks how a send divides into its copy and the rest, by a profile that Linux takes: the share of the samples in its
 * routines that copy from users. Needs perf, and the right to profile Linux itself. Keeps no file.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Gap } from './sender-messages.js';

const RECORD_SECONDS = '1';
/** Not a divisor of anything that ticks. */
const HERTZ = '3989';
/** Fewer samples in Linux say nothing. */
const FEW_SAMPLES = 100;
/** Routines of Linux that copy from users, of several versions and architectures. */
const COPIES = /^(rep_movs|copy_user|_?_?copy_from_(user|iter)|copyin|__arch_copy_from|raw_copy_from|_copy_from)/;

/** Resolves to what a program prints, or to null if it fails. It is ended when it takes longer than `limitMs`. */
function printed(command: string, args: readonly string[], input: Buffer | null, limitMs: number) {
  return new Promise<Buffer | null>((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: limitMs });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(parts) : null));
    child.stdin.on('error', () => {}); // it has ended, and its exit code says why
    child.stdin.end(input ?? undefined);
  });
}

/** `perf script` takes seconds for names, and more on a busy host. */
const LIMIT_MS = 15_000;
const record = (args: readonly string[], seconds: string) =>
  printed(
    'perf',
    ['record', '-q', '-e', 'cpu-clock', '-F', HERTZ, '-o', '-', ...args, '--', 'sleep', seconds],
    null,
    LIMIT_MS,
  );

/** Returns why no profile is taken here; null if one is. */
export async function profileGap(): Promise<Gap | null> {
  const what = 'a profile of Linux, to check the copies by';
  if ((await printed('perf', ['--version'], null, LIMIT_MS)) === null) {
    return { what, reason: 'perf is not installed', remedy: 'install perf (linux-tools, linux-perf)' };
  }
  const paranoid = paranoidLevel();
  if ((await record([], '0')) !== null && (process.getuid?.() === 0 || (paranoid ?? 2) < 2)) return null;
  const reason = `Linux does not let this user profile it (perf_event_paranoid is ${paranoid ?? 'not known'})`;
  return { what, reason, remedy: 'run as root, or `sysctl kernel.perf_event_paranoid=1 kernel.kptr_restrict=0`' };
}

function paranoidLevel(): number | null {
  try {
    return Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8'));
  } catch {
    return null;
  }
}

/** Samples of a profile that Linux itself was in. */
export interface Profile {
  readonly samples: number;
  /** Share of them in routines that copy from users. */
  readonly copyShare: number;
}

/** Reads lines of `perf script -F ip,sym`: an address, and the name of a routine. Pure. Null: too few, or no names. */
export function profileOf(text: string): Profile | null {
  const names = text.split('\n').flatMap((line) => {
    const [, address, name] = /^\s*([0-9a-f]+)\s+(\S+)/.exec(line) ?? [];
    return address !== undefined && isOfLinux(address) ? [name!] : [];
  });
  const named = names.filter((name) => name !== '[unknown]');
  if (named.length < FEW_SAMPLES) return null;
  return { samples: named.length, copyShare: named.filter((name) => COPIES.test(name)).length / named.length };
}

/** Addresses of Linux are in the upper half, where the first hexadecimal of sixteen is `f`. */
const isOfLinux = (address: string) => address.length === 16 && address.startsWith('f');

/** Takes a profile of a process, which `busy` keeps at work until it is told to stop. */
export async function profiled(pid: number, busy: (isOver: () => boolean) => Promise<void>): Promise<Profile | null> {
  let isOver = false;
  const recording = record(['-p', String(pid)], RECORD_SECONDS).finally(() => {
    isOver = true;
  });
  const [data] = await Promise.all([recording, busy(() => isOver)]);
  if (data === null) return null;
  const text = await printed('perf', ['script', '-i', '-', '-F', 'ip,sym'], data, LIMIT_MS);
  return text === null ? null : profileOf(text.toString('utf8'));
}
