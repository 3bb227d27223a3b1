/**
 * `copytax bench`: measure, report, keep. The report goes to stdout and nothing else does; a stopped or failed run
 * reports and keeps what it had.
 */

import { randomInt } from 'node:crypto';
import { scenarioTable } from '../../../benchmarks/index.js';
import { setEngineFlags } from '../../bench/host/engine-flags.js';
import { affinityOf, environmentFacts } from '../../bench/host/environment.js';
import type { MachineFacts } from '../../bench/host/facts.js';
import { HostFiles } from '../../bench/host/host-files.js';
import { readHost } from '../../bench/host/host-reading.js';
import { lineRoundTrip } from '../../bench/host/line-round-trip.js';
import type { Scenario } from '../../bench/plan/scenario.js';
import type { BenchSettings } from '../../bench/plan/settings.js';
import type { HostMemory } from '../../bench/plan/swept-pools.js';
import { Recorder } from '../../bench/result/recorder.js';
import { ResultFile } from '../../bench/result/result-file.js';
import { runScenarios } from '../../bench/run/runner.js';
import { addon } from '../../memory/addon.js';
import { type KernelChoice, kernelIndex } from '../../memory/kernels.js';
import { PACKAGE_FOLDER, PACKAGE_VERSION } from '../../package-facts.js';
import { type BenchOptions, benchSettings } from '../options/bench-options.js';
import { Interrupt } from '../terminal/interrupt.js';
import { Outcome } from '../terminal/outcome.js';
import { EXIT_FAILED, EXIT_FINE, EXIT_INTERRUPTED, errorLine, exitCodeOf } from '../terminal/print-error.js';
import { ProgressLine, progressText } from '../terminal/progress.js';
import { thisMachine } from './machine.js';

/** CPUs that this process may use: the mask, or every online CPU, or the one that must be there. */
function usableCpus(machine: MachineFacts): readonly number[] {
  return affinityOf(new HostFiles()) ?? machine.cpu.online ?? [0];
}

/** Memory that this process may still have, and that it may lock: root may lock all of it. */
function hostMemory({ memory }: MachineFacts): HostMemory {
  const { memlockLimit } = memory;
  const isLimited = typeof memlockLimit === 'number' && process.getuid?.() !== 0;
  return { available: process.availableMemory(), lockable: isLimited ? memlockLimit : null };
}

async function makeScenarios(settings: BenchSettings, machine: MachineFacts): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const name of settings.scenarios) {
    const make = scenarioTable[name];
    if (make !== undefined) scenarios.push(await make(settings, { machine }));
  }
  return scenarios;
}

/** The addon loads and the kernel runs here; said before a second is spent. */
function requireKernel(name: string): void {
  addon();
  if (name !== 'auto') kernelIndex(name as KernelChoice);
}

/**
 * Resolves to the exit code. Rejects with ERR_USAGE, ERR_RESULT_FILE, ERR_ADDON_NOT_BUILT or
 * ERR_KERNEL_UNSUPPORTED before anything ran.
 */
export async function benchCommand(options: BenchOptions): Promise<number> {
  const began = performance.now();
  const now = () => performance.now() - began;
  const machine = thisMachine();
  const settings = benchSettings(options, usableCpus(machine), randomInt(2 ** 32), hostMemory(machine));
  const file = options.json === undefined ? null : ResultFile.open(options.json);
  requireKernel(settings.kernel);
  const environment = environmentFacts({ packageFolder: PACKAGE_FOLDER, version: PACKAGE_VERSION });
  const recorder = new Recorder(machine, environment, settings, now);
  setEngineFlags();
  const outcome = new Outcome(recorder, file, (text) => process.stdout.write(text));
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    try {
      outcome.tell('interrupted');
    } catch (error) {
      process.stderr.write(`${errorLine(error)}\n`);
    }
    process.exit(EXIT_INTERRUPTED);
  });
  const { signal } = interrupt;
  try {
    await runScenarios(await makeScenarios(settings, machine), recorder, {
      ...{ signal, now },
      readHost: () => readHost({ now, lineRoundTrip: () => lineRoundTrip(settings.cpus) }),
      onProgress: (step) => progress.update(step.scenario, () => progressText(step)),
      onScenario: () => outcome.keep(),
    });
    progress.clear();
    outcome.tell(signal.aborted ? 'interrupted' : 'complete');
    return signal.aborted ? EXIT_INTERRUPTED : EXIT_FINE;
  } catch (error) {
    progress.clear();
    outcome.tell(signal.aborted ? 'interrupted' : 'failed');
    process.stderr.write(`${errorLine(error)}\n`);
    return signal.aborted ? EXIT_INTERRUPTED : Math.max(EXIT_FAILED, exitCodeOf(error));
  } finally {
    interrupt.close();
  }
}
