/** The options that decide something of a machine instead of its seed, for both commands. */

import { unknownWord } from '../../lib/cli/options/usage.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { oneOf } from '../../lib/limits.js';
import type { FixedChoices } from '../machine/explored-machine.js';
import { MAX_THREADS } from '../schedule/stall-detector.js';

export interface FixedOptions {
  readonly design?: string;
  readonly cpus?: string;
  readonly flavour?: string;
}

export const LAST_SEED = 0xffffffff;
/** The threads of a machine, less those of the device, the background worker and the disturber. */
const MAX_CPUS = MAX_THREADS - 3;

/** Checks the options. @throws ERR_USAGE */
export function fixedChoices({ design, cpus, flavour }: FixedOptions): FixedChoices {
  return {
    ...(design === undefined ? {} : { design: oneOf('design', design, DESIGN_NAMES, unknownWord) }),
    ...(cpus === undefined ? {} : { cpus: parseInteger('--cpus', cpus, { min: 1, max: MAX_CPUS }) }),
    ...(flavour === undefined ? {} : { flavour: oneOf('flavour', flavour, FLAVOURS, unknownWord) }),
  };
}

/** Returns the same options as text, each with a space before it. */
export function fixedText(options: FixedOptions): string {
  const names = ['design', 'cpus', 'flavour'] as const;
  return names.map((name) => (options[name] === undefined ? '' : ` --${name} ${options[name]}`)).join('');
}

/** @throws ERR_USAGE */
export function parseSeed(option: string, text: string): number {
  return parseInteger(option, text, { min: 0, max: LAST_SEED });
}
