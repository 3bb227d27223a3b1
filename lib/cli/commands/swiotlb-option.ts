/**
 * What the `swiotlb=` of a host's command line makes Linux do at start-up: how many slots it takes, in how many areas,
 * and what bounces. Follows docs/spec/swiotlb.md#size-and-boot-parameter, which holds for Linux 6.0 and later. Pure.
 * Deviation: whether there is a device that cannot reach all memory, without which an ordinary host takes no slots, is
 * not looked up.
 */
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { bytes, count } from '../../report/tables/format.js';
import { bootPool, bootWord, confidentialGuestBytes, joinedBootParam } from '../../swiotlb/boot/boot-options.js';
import { parseEarlierBootParam } from '../../swiotlb/boot/earlier-boot-option.js';
import { SLOT_SIZE } from '../../units.js';

const PREFIX = 'swiotlb=';
/** The first Linux with areas, and with their number in the option. */
const OLDEST_LINUX = 6;
/** Confidential guests of x86: Linux bounces everything there, and wants a share of memory for it. */
const SHARE_OF_MEMORY = ['sev', 'sev_es', 'sev_snp', 'tdx'];
/** Those of other architectures: Linux bounces everything there, in slots of the usual number. */
const USUAL_SLOTS = ['s390-pv', 'arm-cca', 'power-svm'];
/** What a guest on x86 is if it is confidential. */
const IF_CONFIDENTIAL = 'sev';

export interface SwiotlbOption {
  /** Value of the option, several joined into one; null when the command line has none or is not known. */
  readonly value: string | null;
  /** Slots that Linux takes; 0 when it makes no slot pool, null when not known. */
  readonly slots: number | null;
  readonly bytes: number | null;
  readonly areas: number | null;
  /** `all` mappings, those of memory that the device cannot reach (`needed`), or `none`; null when not known. */
  readonly bounces: 'all' | 'needed' | 'none' | null;
  /** All of this as one line. */
  readonly text: string;
}

/**
 * Explains the option of a host. `possibleCpus`: number of CPUs that Linux may ever bring online; null if not known.
 */
export function swiotlbOption(host: HostFacts, possibleCpus: number | null): SwiotlbOption {
  const tokens = host.kernel.bootTokens;
  if (tokens === null) {
    const reason = host.missing.find(({ fact }) => fact === 'kernel.bootTokens')?.reason;
    return unknown(null, `unknown: ${reason ?? 'the command line of Linux is not known'}`);
  }
  const values = tokens.filter((token) => token.startsWith(PREFIX)).map((token) => token.slice(PREFIX.length));
  const value = values.length === 0 ? null : joinedBootParam(values);
  const { release } = host.kernel;
  if (release !== null && Number.parseInt(release, 10) < OLDEST_LINUX) {
    return unknown(value, `${given(value)}: unknown, because Linux ${release} is older than ${OLDEST_LINUX}.0`);
  }
  const { guest } = host.encryption;
  const ordinary = known(value, guest ?? 'none', host, possibleCpus);
  if (guest !== null || host.hypervisor.present === false) return ordinary;
  return eitherOf(ordinary, known(value, IF_CONFIDENTIAL, host, possibleCpus));
}

/** What is the same in both cases; the text says both. */
function eitherOf(ordinary: SwiotlbOption, confidential: SwiotlbOption): SwiotlbOption {
  const same = <Key extends 'slots' | 'bytes' | 'areas' | 'bounces'>(key: Key): SwiotlbOption[Key] | null =>
    ordinary[key] === confidential[key] ? ordinary[key] : null;
  if (ordinary.text === confidential.text) return ordinary;
  const why = 'if this is a confidential guest, which is not known';
  return {
    value: ordinary.value,
    slots: same('slots'),
    bytes: same('bytes'),
    areas: same('areas'),
    bounces: same('bounces'),
    text: `${ordinary.text}; ${why}: ${confidential.text.replace(/^[^:]*: /, '')}`,
  };
}

function known(value: string | null, guest: string, host: HostFacts, possibleCpus: number | null): SwiotlbOption {
  const isForced = SHARE_OF_MEMORY.includes(guest) || USUAL_SLOTS.includes(guest);
  const { totalBytes } = host.memory;
  const wantedBytes =
    SHARE_OF_MEMORY.includes(guest) && totalBytes !== null ? confidentialGuestBytes(totalBytes) : null;
  const param = value ?? '';
  const inputs = { param, cpus: possibleCpus ?? 1, flags: { force: isForced } };
  const ordinary = bootPool(inputs);
  const pool = wantedBytes === null ? ordinary : bootPool({ ...inputs, hintBytes: wantedBytes });
  if (!pool.initialised) {
    const text = `${given(value)}: no slot pool, nothing bounces${ignored(param)}`;
    return { value, slots: 0, bytes: 0, areas: 0, bounces: 'none', text };
  }
  const size = pool.slots * SLOT_SIZE;
  const areas = possibleCpus === null && parseEarlierBootParam(param).areas === 0 ? null : pool.areas;
  const bouncing = pool.force
    ? 'bouncing forced'
    : isForced
      ? 'bouncing forced because the memory of this guest is encrypted'
      : 'for devices that cannot reach all memory; if there are none, no slot pool';
  const text = [
    `${given(value)}: ${pool.slots} slots (${bytes(size)}`,
    pool.wantedSlots === ordinary.wantedSlots ? ')' : ', from 6 % of the memory of an encrypted guest)',
    areas === null
      ? ' in an unknown number of areas, because the number of possible CPUs is not known'
      : ` in ${count(areas, 'area')}`,
    `, ${bouncing}${ignored(param)}`,
  ];
  const bounces = pool.forceBounce ? 'all' : 'needed';
  return { value, slots: pool.slots, bytes: size, areas, bounces, text: text.join('') };
}

function unknown(value: string | null, text: string): SwiotlbOption {
  return { value, slots: null, bytes: null, areas: null, bounces: null, text };
}

function given(value: string | null): string {
  return value === null ? `no ${PREFIX} on the command line` : `${PREFIX}${value}`;
}

/** What to say of a last word that Linux ignores without a message. */
function ignored(param: string): string {
  const word = bootWord(param);
  if (['', 'force', 'noforce'].includes(word)) return '';
  return parseEarlierBootParam(param).dynamic
    ? `; '${word}' is ignored: it belongs to a design of growth that was never released`
    : `; '${word}' is ignored: Linux knows force and noforce`;
}
