/**
 * What Linux does when files of tracefs are written, in a folder that `fakeHost` made: a folder made in `instances` is
 * filled, and removed only when nothing in it is open; a line added to `kprobe_events` makes a probe; a ring that is
 * switched on gets the events that are enabled, as long as it has room. Not simulated: time, other CPUs, and files that
 * are too long for one read.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';

export const TRACING = '/sys/kernel/tracing';
/** Files of the folder that are none of Linux: what its ring gets, and whether it takes probes. */
export const EVENTS_TO_COME = 'events-to-come';
export const PROBES_REFUSED = 'probes-refused';
export const SETTING_REFUSED = 'setting-refused';

export const HEADER = `# tracer: nop
#
# entries-in-buffer/entries-written: 0/0   #P:2
#
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
`;

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: refused by the simulated Linux, ${path}`), { code });
}

/** Open files of this process in a folder. */
function isOpen(folder: string): boolean {
  return readdirSync('/proc/self/fd').some((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

/** Has no private members, and calls none of the class that it extends: fake-preload.ts puts its methods there. */
export class FakeTracingFiles extends TracingFiles {
  override write(path: string, text: string): void {
    const file = this.at(path);
    if (!existsSync(file)) throw failure('ENOENT', path);
    const refused = join(this.root, SETTING_REFUSED);
    if (existsSync(refused) && `${path} ${text}`.endsWith(`/${readFileSync(refused, 'utf8')}`))
      throw failure('EIO', path);
    if (path.endsWith('/trace_options')) appendFileSync(file, `${text}\n`);
    else writeFileSync(file, `${text}\n`);
    if (path.endsWith('/tracing_on') && path.includes('/instances/') && text === '1')
      fillRing(this.root, dirname(file));
  }

  override append(path: string, line: string): void {
    const file = this.at(path);
    if (!path.endsWith('/kprobe_events')) throw failure('EINVAL', path);
    if (existsSync(join(this.root, PROBES_REFUSED))) throw failure('EPERM', path);
    const probes = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const [, kind, group, name] = /^([pr-])\d*:(\w+)\/(\w+)/.exec(line) ?? [];
    if (kind === undefined) throw failure('EINVAL', line);
    const isOfGroup = (probe: string) => probe.includes(`:${group}/`);
    if (kind !== '-') probes.push(line);
    else {
      const at = probes.findIndex((probe) => probe.includes(`:${group}/${name} `));
      if (at < 0) throw failure('ENOENT', line);
      if (isEnabled(this.root, group!)) throw failure('EBUSY', line);
      probes.splice(at, 1);
    }
    writeFileSync(file, probes.map((probe) => `${probe}\n`).join(''));
    for (const events of eventFolders(this.root)) {
      const folder = join(events, group!);
      if (!probes.some(isOfGroup)) rmSync(folder, { recursive: true, force: true });
      else if (!existsSync(folder)) {
        mkdirSync(folder);
        writeFileSync(join(folder, 'enable'), '0\n');
      }
    }
  }

  override makeFolder(path: string): void {
    const folder = this.at(path);
    mkdirSync(folder);
    const files = { tracing_on: '1', buffer_size_kb: '1410', trace_options: '', trace_clock: '[local] global' };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), `${text}\n`);
    writeFileSync(join(folder, 'trace'), HEADER);
    writeFileSync(join(folder, 'free_buffer'), '');
    cpSync(this.at(`${TRACING}/events`), join(folder, 'events'), { recursive: true });
    for (const cpu of [0, 1]) {
      mkdirSync(join(folder, 'per_cpu', `cpu${cpu}`), { recursive: true });
      writeFileSync(join(folder, 'per_cpu', `cpu${cpu}`, 'stats'), 'entries: 0\noverrun: 0\ndropped events: 0\n');
    }
    spawnSync('mkfifo', [join(folder, 'trace_pipe')]);
  }

  override removeFolder(path: string): void {
    const folder = this.at(path);
    if (!existsSync(folder)) throw failure('ENOENT', path);
    if (isOpen(folder)) throw failure('EBUSY', path);
    rmSync(folder, { recursive: true });
  }
}

/** The folders of events, of the usual tracing and of each instance. */
function eventFolders(root: string): string[] {
  const instances = readdirSync(join(root, TRACING, 'instances')).map((name) => `instances/${name}`);
  return ['', ...instances].map((folder) => join(root, TRACING, folder, 'events'));
}

/** Whether any of them records the events of a group. */
function isEnabled(root: string, group: string): boolean {
  return eventFolders(root).some((events) => {
    const file = join(events, group, 'enable');
    return existsSync(file) && readFileSync(file, 'utf8').startsWith('1');
  });
}

/** Whether an instance records an event of this name. */
function records(instance: string, name: string): boolean {
  const events = join(instance, 'events');
  const groups = readdirSync(events);
  const files =
    name.startsWith('sw') && name !== 'swiotlb_bounced'
      ? groups.filter((group) => group.startsWith('copytax_')).map((group) => join(events, group, 'enable'))
      : groups.map((group) => join(events, group, name, 'enable'));
  return files.some((file) => existsSync(file) && readFileSync(file, 'utf8').startsWith('1'));
}

/** Puts the events into a ring that are to come: whole lines, as long as the part of their CPU has room. */
function fillRing(root: string, instance: string): void {
  const bytes = Number(readFileSync(join(instance, 'buffer_size_kb'), 'utf8')) * 1024;
  const taken = new Map<string, number>();
  const dropped = new Map<string, number>();
  let text = '';
  for (const line of readFileSync(join(root, EVENTS_TO_COME), 'utf8').split('\n')) {
    const [, cpu, name] = /\[0*(\d+)\] \S+ +[\d.]+: (\w+):/.exec(line) ?? [];
    if (cpu === undefined || !records(instance, name!)) continue;
    const full = (taken.get(cpu) ?? 0) + line.length > bytes;
    const counts = full ? dropped : taken;
    counts.set(cpu, (counts.get(cpu) ?? 0) + (full ? 1 : line.length));
    if (!full) text += `${line}\n`;
  }
  for (const [cpu, events] of dropped)
    writeFileSync(
      join(instance, 'per_cpu', `cpu${cpu}`, 'stats'),
      `entries: 0\noverrun: 0\ndropped events: ${events}\n`,
    );
  appendFileSync(join(instance, 'trace'), text);
  const pipe = openSync(join(instance, 'trace_pipe'), constants.O_RDWR | constants.O_NONBLOCK);
  try {
    writeSync(pipe, text);
  } catch {
    // A pipe without a reader holds 64 KiB.
  } finally {
    closeSync(pipe);
  }
}
