/**
 * What must be alike for two runs to be compared directly, as words; and in what the runs of a comparison are unlike.
 * What is not known is like nothing, itself included. Pure.
 */
import type { HostFacts } from '../facts/host-schema.js';
import type { ResultDocument } from '../result/result.js';

/** Something that two runs must be alike in for a difference to be from nothing else. */
export type Aspect =
  | 'fingerprint'
  | 'coreType'
  | 'cpus'
  | 'encryption'
  | 'microcode'
  | 'version'
  | 'settings'
  | 'copyKernel'
  | 'kernel'
  | 'engine'
  | 'governor';

/** What a run is like, as words for each aspect; null: not known. */
export type Likeness = Readonly<Record<Aspect, string | null>>;

/** Settings that a run may differ in without measuring anything else. */
const INCIDENTAL = new Set(['seed', 'runs', 'rounds', 'minRounds', 'budgetMs', 'limitMs', 'cpus', 'poolsLeftOut']);

const settingsWords = ({ settings }: ResultDocument) =>
  JSON.stringify(Object.entries(settings).filter(([name, value]) => !INCIDENTAL.has(name) && value !== undefined));

/** The kinds of the CPUs that measured; null if one of them could not be identified. */
function coreTypes({ machine, settings }: ResultDocument): string | null {
  const { types, family, modelNumber, model, vendor } = machine.cpu;
  if (types === null) {
    // Files from before facts were kept per CPU, of the first CPU.
    const isKnown = vendor !== null && (model !== null || (family !== null && modelNumber !== null));
    return isKnown ? [vendor, family, modelNumber, model].join(' ') : null;
  }
  const named = settings.cpus.map((cpu) => types.find(({ cpus }) => cpus.includes(cpu)));
  const words = named.map((type) => {
    if (type === undefined || type.vendor === null) return null;
    const number = type.part ?? (type.modelNumber === null ? null : `${type.family} ${type.modelNumber}`);
    const identity = type.model ?? number;
    return identity === null
      ? null
      : [type.vendor, number, type.model, type.kind].filter((word) => word !== null).join(' ');
  });
  return words.includes(null) ? null : [...new Set(words)].sort().join(' and ');
}

const encryption = ({ encryption: { inEffect, guest } }: HostFacts) =>
  inEffect === null || guest === null ? null : [guest, ...inEffect].join(' ');

interface AspectFacts {
  readonly name: Aspect;
  readonly noun: string;
  readonly isOfMachine: boolean;
  of(run: ResultDocument): string | null;
  readonly matters: string;
}

/**
 * In the order in which they are told. `isOfMachine`: runs on unlike machines differ in it as a matter of course.
 * `matters`: why a difference may be from that and from nothing else.
 */
export const ASPECTS = [
  {
    name: 'fingerprint',
    noun: 'hosts',
    isOfMachine: true,
    of: ({ machine }: ResultDocument) => machine.fingerprint,
    matters: 'they are not known to be the same host, or one like it',
  },
  {
    name: 'coreType',
    noun: 'kinds of the measuring CPUs',
    isOfMachine: true,
    of: coreTypes,
    matters: 'copies of another core are other copies',
  },
  {
    name: 'cpus',
    noun: 'numbers of measuring CPUs',
    isOfMachine: true,
    of: ({ settings }: ResultDocument) => `${settings.cpus.length}`,
    matters: 'senders and queues share CPUs where there are few',
  },
  {
    name: 'encryption',
    noun: 'memory encryption',
    isOfMachine: true,
    of: ({ machine }: ResultDocument) => encryption(machine),
    matters: 'encrypted memory is slower',
  },
  {
    name: 'microcode',
    noun: 'microcode',
    isOfMachine: true,
    of: ({ machine }: ResultDocument) => machine.cpu.microcode,
    matters: 'microcode has made string copies faster and slower before',
  },
  {
    name: 'version',
    noun: 'versions of copytax',
    isOfMachine: false,
    of: ({ environment: { version, commit } }: ResultDocument) => `${version}${commit === null ? '' : ` ${commit}`}`,
    matters: 'the program that was measured is another one',
  },
  {
    name: 'settings',
    noun: 'settings',
    isOfMachine: false,
    of: settingsWords,
    matters: 'cells with the same id may have been measured differently',
  },
  {
    name: 'copyKernel',
    noun: 'copy kernels',
    isOfMachine: false,
    of: ({ settings }: ResultDocument) => settings.kernel,
    matters: 'the copies are made with other instructions',
  },
  {
    name: 'kernel',
    noun: 'versions of Linux',
    isOfMachine: false,
    of: ({ machine }: ResultDocument) => machine.kernel.release,
    matters: 'pages, huge pages and the scheduler are those of Linux',
  },
  {
    name: 'engine',
    noun: 'JavaScript engines',
    isOfMachine: false,
    of: ({ environment: { node, userEngineFlags } }: ResultDocument) => [node, ...(userEngineFlags ?? [])].join(' '),
    matters: 'the control plane is JavaScript',
  },
  {
    name: 'governor',
    noun: 'frequency governors',
    isOfMachine: false,
    of: ({ machine }: ResultDocument) => machine.cpu.governor ?? (machine.hypervisor.present === true ? 'guest' : null),
    matters: 'the clock is another one',
  },
] as const satisfies readonly AspectFacts[];

/** Returns what must be alike for a run to be compared with another one, as words. Pure. */
export function likenessOf(run: ResultDocument): Likeness {
  return Object.fromEntries(ASPECTS.map(({ name, of }) => [name, of(run)])) as Likeness;
}
