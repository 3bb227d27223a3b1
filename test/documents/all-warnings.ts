/** One warning of each code, made by the code that makes it in a run. The compiler notices a code that is missing. */
import { nativeProgram } from '../../benchmarks/shared/native-program.js';
import { noCompiler } from '../../benchmarks/slot-pool/slot-pool.js';
import type { Warning, WarningCode } from '../../lib/bench/plan/warning.js';
import type { ResultDocument, RoundResult } from '../../lib/bench/result/result.js';
import { judge, noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import { lastLevelCache } from '../bench/fixtures/memory-facts.js';
import {
  FakeClock,
  scriptedCell,
  scriptedRecorder,
  scriptedScenario,
  takenSample,
} from '../bench/fixtures/scripted.js';

/** Of a host on which nothing is as it should be. */
const BAD_ROUND: RoundResult = {
  seconds: 1,
  cells: 1,
  stealShare: 0.034,
  othersCpus: 0.72,
  involuntarySwitches: 420,
  throttledMs: 40,
  cpusLost: [1],
  lineRoundTripNs: [62, 410],
  repeats: 1,
};
/** They rise from round to round, and are few. */
const SAMPLES = [10, 11, 10, 14, 15, 16, 20, 21, 20];

/** A result whose rules all have something to say. */
function badResult(): ResultDocument {
  const clock = new FakeClock();
  const recorder = scriptedRecorder(clock);
  const cell = scriptedCell('cell', clock, () => 1);
  const record = recorder.begin(scriptedScenario([cell]));
  for (const value of SAMPLES) record.addSample(cell, takenSample({ value, durationMs: 100 }));
  record.rounds.push(...SAMPLES.map(() => BAD_ROUND));
  const document = recorder.document({ complete: true, interrupted: false });
  return {
    ...document,
    seconds: 95.2,
    machine: {
      ...document.machine,
      cpu: { ...document.machine.cpu, governor: 'powersave', types: null, model: null, modelNumber: null },
      caches: [lastLevelCache(16 * 2 ** 20, document.settings.cpus)],
      cacheKnees: [{ bytes: 55 * 2 ** 20, low: 50 * 2 ** 20, high: 60 * 2 ** 20, beforeNs: 14, afterNs: 98 }],
    },
    environment: {
      ...document.environment,
      cpuQuota: 1.5,
      pinErrno: 1,
      userEngineFlags: ['--inspect'],
      clock: { overheadNs: 3e6, resolutionNs: 100 },
    },
    settings: { ...document.settings, rounds: null, limitMs: 60_000 },
    results: document.results.map((result) => ({
      ...result,
      samples: [...SAMPLES, 22, 23, 24],
      params: { senders: 4, queues: 2, device: 'read' },
      ledgerSamples: { onCpuShare: SAMPLES.map((_, at) => (at < 6 ? 0.41 : 1)) },
    })),
  };
}

/** What compiling throws on a host without a compiler. A program of this name was never compiled, and never will be. */
function errorWithoutCompiler(): unknown {
  const { CXX } = process.env;
  // A bare name is refused in another way where PATH names a folder that may not be read.
  process.env.CXX = '/nonexistent/c++';
  try {
    nativeProgram('no_such_program');
  } catch (error) {
    return error;
  } finally {
    if (CXX === undefined) delete process.env.CXX;
    else process.env.CXX = CXX;
  }
  throw new Error('a compiler that does not exist has compiled');
}

export function allWarnings(): Record<WarningCode, Warning> {
  const judged = new Map(judge(badResult()).map((warning) => [warning.code, warning]));
  const ofResult = (code: WarningCode): Warning => {
    const warning = judged.get(code);
    if (warning === undefined) throw new Error(`${code} is not made of a bad result`);
    return warning;
  };
  const refusal = { errno: 12, limitBytes: 8192 * 1024 };
  return {
    UNLOCKED_MEMORY: unlockedMemory({ bytes: 201326592, locked: false, lockRefusal: refusal })!,
    NO_HUGE_PAGES: noHugePages({ bytes: 201326592, hugeBytes: 0 })!,
    NO_COMPILER: noCompiler(errorWithoutCompiler()),
    NOISY_HOST: ofResult('NOISY_HOST'),
    STEAL: ofResult('STEAL'),
    INVOLUNTARY_SWITCHES: ofResult('INVOLUNTARY_SWITCHES'),
    LOADED_HOST: ofResult('LOADED_HOST'),
    FEW_CPUS: ofResult('FEW_CPUS'),
    COARSE_TIMER: ofResult('COARSE_TIMER'),
    CPUS_MOVED: ofResult('CPUS_MOVED'),
    FEW_SAMPLES: ofResult('FEW_SAMPLES'),
    DRIFT: ofResult('DRIFT'),
    GOVERNOR: ofResult('GOVERNOR'),
    UNKNOWN_CPU: ofResult('UNKNOWN_CPU'),
    THROTTLED: ofResult('THROTTLED'),
    CPUS_LOST: ofResult('CPUS_LOST'),
    UNPINNED: ofResult('UNPINNED'),
    LITTLE_CPU: ofResult('LITTLE_CPU'),
    ENGINE_SLOWED: ofResult('ENGINE_SLOWED'),
    OVERRUN: ofResult('OVERRUN'),
    STOOD_STILL: ofResult('STOOD_STILL'),
    SLOW_WEATHER: ofResult('SLOW_WEATHER'),
    CACHES_DIFFER: ofResult('CACHES_DIFFER'),
    NOT_INTERLEAVED: judge({ ...badResult(), sampledBy: 'call' }).find(({ code }) => code === 'NOT_INTERLEAVED')!,
  };
}
