/**
 * The transmit path of `bounce` with one sender and a device that reads every byte, by copy kernel: whether what a copy
 * saves is lost again where the device reads.
 */
import type { Sample } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { MINIMAL_CPU_SHARE } from '../../lib/bench/types/ledger-keys.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import type { CopyKernelName } from '../../lib/memory/copy-kernels.js';
import { SharedMachine } from '../shared/shared-machine.js';
import { ledgerOf } from '../shared/trial-ledger.js';
import { configOf, headlineShape } from '../shared/tx-shapes.js';

/** Time of a sample, as a part of the time of a sample of `tx-designs`: many rounds matter more than long ones. */
const SAMPLE_SHARE = 1 / 2;
/** Samples that are taken for one that has a cost, on a host whose CPUs are busy with something else. */
const TRIES = 4;

/** Main thread only. */
export class WholePath {
  readonly #configs: ReadonlyMap<CopyKernelName, MachineConfig>;
  readonly #machine: SharedMachine;
  readonly #sampleMs: number;

  /** The sender has the first CPU of the settings, the device the second. */
  constructor(settings: BenchSettings, kernels: readonly CopyKernelName[]) {
    const cpus = settings.cpus.slice(0, 2);
    const one = { ...settings, cpus: cpus.slice(0, 1), senders: [1], queues: [1], device: 'read' as const };
    const shape = headlineShape(one)!;
    this.#configs = new Map(kernels.map((kernel) => [kernel, configOf('bounce', shape, { ...one, kernel })]));
    this.#machine = new SharedMachine([...this.#configs.values()], cpus);
    this.#sampleMs = settings.sampleMs * SAMPLE_SHARE;
  }

  open(signal?: AbortSignal): Promise<void> {
    return this.#machine.open(signal);
  }

  close(): Promise<void> {
    return this.#machine.close();
  }

  /** The value is CPU time of the sender in cores per 100 Gbit/s; null where its threads had too little of a CPU. */
  async sample(kernel: CopyKernelName, signal: AbortSignal): Promise<Sample> {
    for (let left = TRIES; ; left--) {
      const taken = await this.#machine.sample(this.#configs.get(kernel)!, this.#sampleMs, signal, sampleOf);
      if (taken.value !== null || left === 1 || signal.aborted) return taken;
    }
  }
}

function sampleOf(trial: TxTrial): Pick<Sample, 'value' | 'whyNone' | 'ledger'> {
  const { bytes, coresTotal, gbps, deviceReadBytes, deviceReadNs, bounceBytes, bounceNs } = ledgerOf(trial);
  const kept = { gbps: gbps!, deviceReadBytes: deviceReadBytes!, deviceReadNs: deviceReadNs! };
  const value = Number.isFinite(coresTotal) ? coresTotal! : null;
  const whyNone = `its threads had their CPUs for less than ${100 * MINIMAL_CPU_SHARE} % of the time`;
  return {
    value,
    ...(value === null && bytes! > 0 ? { whyNone } : {}),
    ledger: { ...kept, bounceBytes: bounceBytes!, bounceNs: bounceNs! },
  };
}
