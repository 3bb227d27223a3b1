/**
 * `copytax bench`: measures, prints the report and writes the result file. Only the report goes to stdout. A run that
 * is stopped or fails reports what it has measured by then.
 */

import { randomInt } from 'node:crypto';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { addon } from '../../addon/addon.js';
import { HostFiles } from '../../bench/facts/host-files.js';
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { availableMemory } from '../../bench/host/available-memory.js';
import { CpuWatch } from '../../bench/host/cpu-watch.js';
import { requireOptimizer, setEngineFlags } from '../../bench/host/engine-flags.js';
import { environmentFacts, usableCpus } from '../../bench/host/environment.js';
import { readHost } from '../../bench/host/host-reading.js';
import { lineRoundTrip } from '../../bench/host/line-round-trip.js';
import { thisHost } from '../../bench/host/this-host.js';
import type { Scenario } from '../../bench/plan/scenario.js';
import type { BenchSettings } from '../../bench/plan/settings.js';
import type { HostMemory } from '../../bench/plan/swept-pools.js';
import { Recorder } from '../../bench/result/recorder.js';
import { ResultFile } from '../../bench/result/result-file.js';
import { cacheKnees, kneeTimeMs } from '../../bench/run/cache-knees.js';
import { runScenarios } from '../../bench/run/runner.js';
import { RunReporter } from '../../bench/runs/run-reporter.js';
import { type CopyKernelChoice, copyKernelIndex } from '../../memory/copy-kernels.js';
import { packageFolder, packageVersion } from '../../package-facts.js';
import { loadDesignFiles } from '../options/load-designs.js';
import { type BenchOptions, benchSettings } from '../options/parse-bench-options.js';
import { parseBars } from '../options/values.js';
import { BenchOutput, reportPrinter } from '../terminal/bench-output.js';
import { BenchPage } from '../terminal/bench-page.js';
import { Interrupt } from '../terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE, errorLine, exitCodeOf } from '../terminal/print-error.js';
import { ProgressLine, progressPart, progressText } from '../terminal/progress.js';

/** Memory that this process can still get, and how much of it may be locked: root may lock all of it. */
function hostMemory({ memory }: HostFacts): HostMemory {
  const { memlockLimit } = memory;
  const isLimited = typeof memlockLimit === 'number' && process.getuid?.() !== 0;
  return { available: availableMemory(), lockable: isLimited ? memlockLimit : null };
}

async function makeScenarios(settings: BenchSettings, host: HostFacts): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const { name, load } of SCENARIOS) {
    if (settings.scenarios.includes(name)) scenarios.push(await (await load())(settings, { host }));
  }
  return scenarios;
}

/** Fails before anything is measured if the addon does not load or the copy kernel does not run on this CPU. */
function requireCopyKernel(name: string): void {
  addon();
  if (name !== 'auto') copyKernelIndex(name as CopyKernelChoice);
}

/**
 * Resolves to the exit code. Rejects, before anything ran, with ERR_USAGE, ERR_ENGINE_FLAGS, ERR_RESULT_FILE,
 * ERR_ADDON_NOT_BUILT, ERR_KERNEL_UNSUPPORTED, or what `loadDesigns` rejects with.
 */
export async function benchCommand(options: BenchOptions): Promise<number> {
  const began = performance.now();
  const now = () => performance.now() - began;
  const host = thisHost();
  await loadDesignFiles(options.load);
  const settings = benchSettings(options, usableCpus(new HostFiles()), randomInt(2 ** 32), hostMemory(host));
  const bars = parseBars(options.bars);
  requireOptimizer();
  const file = options.json === undefined ? null : ResultFile.open(options.json);
  const page = BenchPage.open(options.html, options.json);
  requireCopyKernel(settings.kernel);
  if (settings.runs !== null)
    return (await import('./bench-runs.js')).benchRuns(options, settings, { file, page, bars }, now);
  const reporter = options.asRun === true ? RunReporter.open() : null;
  const environment = environmentFacts({ packageFolder: packageFolder(), version: packageVersion() });
  const measuredHost = { ...host, ...cacheKnees(host, settings.cpus[0]!, kneeTimeMs(settings.budgetMs)) };
  const recorder = new Recorder(measuredHost, environment, settings, now);
  const watch = new CpuWatch(settings.cpus);
  setEngineFlags();
  const output = new BenchOutput(recorder, file, reporter === null ? reportPrinter(bars, file, page) : () => {});
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    try {
      output.report('interrupted');
    } catch (error) {
      process.stderr.write(`${errorLine(error)}\n`);
    }
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  try {
    await runScenarios(await makeScenarios(settings, host), recorder, {
      signal,
      now,
      readHost: () =>
        readHost({ now, lineRoundTrip: () => lineRoundTrip(settings.cpus), cpusLost: () => watch.lost() }),
      onProgress: (step) => {
        if (reporter === null) progress.update(progressPart(step), () => progressText(step));
        else reporter.progress(step);
      },
      onRound: () => output.keepNowAndThen(),
    });
    progress.clear();
    output.report(signal.aborted ? 'interrupted' : 'complete');
    await page?.write(output.reported);
    if (!signal.aborted) await reporter?.finish(recorder.document({ complete: true, interrupted: false }));
    if (signal.aborted) return interrupt.exitCode;
    if (!recorder.hasFailedCells) return EXIT_FINE;
    process.stderr.write('copytax: nothing moved in some cells: the report has them under "Failed"\n');
    return EXIT_FAILED;
  } catch (error) {
    progress.clear();
    output.report(signal.aborted ? 'interrupted' : 'failed');
    process.stderr.write(`${errorLine(error)}\n`);
    return signal.aborted ? interrupt.exitCode : Math.max(EXIT_FAILED, exitCodeOf(error));
  } finally {
    interrupt.close();
  }
}
