/** Plants errors one after the other, and has their finders look for each until one notices it. */
import { exists, runFinder } from './finder.js';
import type { Plant, PlantKind } from './plant.js';
import { Sandbox } from './sandbox.js';

/** What became of a planted error. `stale`: it could not be planted, since the source has changed. */
export type Outcome = 'noticed' | 'survived' | 'stale';

/** A planted error, and what noticed it. */
export interface Finding {
  readonly name: string;
  readonly kind: PlantKind;
  readonly file: string;
  readonly outcome: Outcome;
  /** The finder that noticed it; null if none did. */
  readonly by: string | null;
}

export interface MutationHooks {
  readonly signal: AbortSignal;
  /** Called after each plant. */
  readonly onFinding?: (finding: Finding, done: number, of: number) => void;
  /** Called for a finder that fails without any error planted: it cannot notice one, and is left out. */
  readonly onUseless?: (finder: string) => void;
  /** Runs a finder; for tests. */
  readonly run?: typeof runFinder;
}

/**
 * Resolves to what became of each plant, in order; when the signal is aborted, of those that were tried until then.
 * Before a finder is used for the first time it is run without a plant. `root`: the repository, built.
 */
export async function mutationRun(root: string, plants: readonly Plant[], hooks: MutationHooks): Promise<Finding[]> {
  const { signal, onFinding, onUseless, run = runFinder } = hooks;
  const sandbox = new Sandbox(root);
  const sound = new Map<string, boolean>();
  const isUsable = async (finder: string) => {
    if (!sound.has(finder)) {
      sound.set(finder, exists(root, finder) && (await run(sandbox.folder, finder, signal)) === 'passed');
      if (!sound.get(finder) && !signal.aborted) onUseless?.(finder);
    }
    return sound.get(finder)!;
  };
  const findings: Finding[] = [];
  try {
    for (const plant of plants) {
      let by: string | null = null;
      let isStale = false;
      for (const finder of plant.finders) {
        if (!(await isUsable(finder))) continue;
        const undo = sandbox.plant(plant);
        isStale = undo === null;
        if (undo === null) break;
        const ending = await run(sandbox.folder, finder, signal);
        undo();
        if (signal.aborted) return findings;
        if (ending === 'passed') continue;
        by = finder;
        break;
      }
      if (signal.aborted) return findings;
      const { name, kind, file } = plant;
      const outcome = isStale ? 'stale' : by === null ? 'survived' : 'noticed';
      findings.push({ name, kind, file, outcome, by });
      onFinding?.(findings.at(-1)!, findings.length, plants.length);
    }
    return findings;
  } finally {
    sandbox.close();
  }
}
