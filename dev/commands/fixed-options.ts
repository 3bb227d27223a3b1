/** The options that decide something of a machine instead of its seed, for both commands. */

import { loadDesignFiles } from '../../lib/cli/options/load-designs.js';
import { unknownWord, usageError } from '../../lib/cli/options/usage.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { ALL_DESIGN_NAMES, type DesignName } from '../../lib/designs/designs.js';
import { ownDesigns } from '../../lib/designs/own-designs.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { oneOf } from '../../lib/limits.js';
import type { FixedChoices } from '../machine/explored-machine.js';
import { MAX_THREADS } from '../schedule/stall-detector.js';

export interface FixedOptions {
  readonly design?: string;
  readonly cpus?: string;
  readonly flavour?: string;
  /** Files of modules that add designs. */
  readonly load?: readonly string[];
}

export const LAST_SEED = 0xffffffff;
/** The threads of a machine, less those of the device, the background worker and the disturber. */
const MAX_CPUS = MAX_THREADS - 3;

/** Loads the modules and checks the options. Rejects with ERR_USAGE, and as `loadDesigns` does. */
export async function fixedChoices({ design, cpus, flavour, load }: FixedOptions): Promise<FixedChoices> {
  await loadDesignFiles(load);
  const chosen = design === undefined ? loadedDesign() : oneOf('design', design, ALL_DESIGN_NAMES, unknownWord);
  return {
    ...(chosen === undefined ? {} : { design: chosen }),
    ...(cpus === undefined ? {} : { cpus: parseInteger('--cpus', cpus, { min: 1, max: MAX_CPUS }) }),
    ...(flavour === undefined ? {} : { flavour: oneOf('flavour', flavour, FLAVOURS, unknownWord) }),
  };
}

/**
 * Returns the design that was loaded, so that every seed has it; undefined if none was: seeds choose from those of this
 * package only, and so stand for the same machines whatever is loaded. @throws ERR_USAGE for several
 */
function loadedDesign(): DesignName | undefined {
  const names = ownDesigns().map(({ name }) => name);
  if (names.length > 1) throw usageError(`--load adds ${names.join(', ')}: choose one of them by --design`);
  return names[0];
}

/** Returns the same options as text, each with a space before it. */
export function fixedText(options: FixedOptions): string {
  const names = ['design', 'cpus', 'flavour'] as const;
  const loads = (options.load ?? []).map((file) => ` --load ${file}`);
  return (
    loads.join('') + names.map((name) => (options[name] === undefined ? '' : ` --${name} ${options[name]}`)).join('')
  );
}

/** @throws ERR_USAGE */
export function parseSeed(option: string, text: string): number {
  return parseInteger(option, text, { min: 0, max: LAST_SEED });
}
