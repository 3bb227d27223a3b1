/** A folder with the files by which Linux is watched. What Linux does when they are written: fake-tracing-files.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratchFolder } from '../scratch.js';
import { EVENTS_TO_COME, HEADER, PROBES_REFUSED, SETTING_REFUSED, TRACING } from './fake-tracing-files.js';

const DEBUGFS_SWIOTLB = '/sys/kernel/debug/swiotlb';

export interface FakeHostChoice {
  /** Files of debugfs below `swiotlb`; null for a debugfs that is not mounted. */
  readonly debugfs?: Readonly<Record<string, string>> | null;
  /** Whether tracefs is mounted. */
  readonly tracefs?: boolean;
  /** Lines that the ring gets when it is switched on. */
  readonly events?: readonly string[];
  readonly probes?: 'taken' | 'refused' | 'absent';
  readonly dma?: boolean;
  /** A setting of an instance that Linux refuses: its file and what is written. */
  readonly refused?: string;
  readonly release?: string;
}

export const COUNTERS = { io_tlb_nslabs: '32768\n', io_tlb_used: '481\n', io_tlb_used_hiwater: '852\n' };

/** Makes such a folder. Returns its path. */
export function fakeHost(choice: FakeHostChoice = {}): string {
  const {
    debugfs = COUNTERS,
    tracefs = true,
    events = [],
    probes = 'taken',
    dma = false,
    release = '6.1.0-57',
  } = choice;
  const root = scratchFolder();
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('/proc/sys/kernel/osrelease', `${release}\n`);
  put('/proc/sys/kernel/version', '#1 SMP fake\n');
  put('/proc/cmdline', 'quiet swiotlb=force\n');
  put('/proc/cpuinfo', 'processor\t: 0\nprocessor\t: 1\n');
  put('/proc/meminfo', 'MemTotal:        1952784 kB\nMemFree: 1 kB\n');
  put(EVENTS_TO_COME, events.map((line) => `${line}\n`).join(''));
  mkdirSync(join(root, '/sys/kernel/debug'), { recursive: true });
  mkdirSync(join(root, TRACING), { recursive: true });
  if (debugfs !== null) {
    mkdirSync(join(root, DEBUGFS_SWIOTLB));
    for (const [name, text] of Object.entries(debugfs)) put(`${DEBUGFS_SWIOTLB}/${name}`, text);
  }
  if (choice.refused !== undefined) put(SETTING_REFUSED, choice.refused);
  if (!tracefs) return root;
  mkdirSync(join(root, TRACING, 'instances'));
  for (const [file, text] of Object.entries({
    tracing_on: '1',
    buffer_size_kb: '1410',
    trace_options: '',
    trace: HEADER,
  }))
    put(`${TRACING}/${file}`, `${text}\n`);
  put(`${TRACING}/events/swiotlb/swiotlb_bounced/enable`, '0\n');
  for (const name of dma ? ['dma_map_page', 'dma_unmap_page'] : []) put(`${TRACING}/events/dma/${name}/enable`, '0\n');
  if (probes !== 'absent') put(`${TRACING}/kprobe_events`, '');
  if (probes === 'refused') put(PROBES_REFUSED, '');
  return root;
}
