/** The options of `copytax size`, checked. */
import type { GivenHolds } from '../../capture/load/hold-times.js';
import { KIB } from '../../units.js';
import { MOST_SLOTS, parseHolds, parsePool } from './pool-values.js';
import { usageError } from './usage.js';
import { parseDuration, parseInteger, parseSize } from './values.js';

/** As commander has them. */
export interface SizeArguments {
  readonly flows?: string;
  readonly wmem?: string;
  readonly rate?: string;
  readonly cpus?: string;
  readonly floor?: string;
  readonly hold?: readonly string[];
  readonly percent?: string;
  readonly target?: string;
  readonly headroom?: string;
  readonly have?: string;
  readonly memory?: string;
  readonly seed?: string;
  readonly passes?: string;
  readonly json?: string | boolean;
}

/** What flows were asked for. */
export interface FlowArguments {
  readonly flows: number;
  readonly sendBufferBytes: number;
  readonly bitsPerSecond: number;
  readonly holdNs?: number;
}

/** What was asked for; what is undefined was not said. */
export interface SizeRequest {
  /** Null where captures are given. */
  readonly flows: FlowArguments | null;
  readonly holds: GivenHolds | null;
  readonly floor?: number;
  readonly cpus?: number;
  /** The value of `swiotlb=` that there is. */
  readonly haveParam?: string;
  readonly memoryBytes?: number;
  /** Passed on to `sizePool`. */
  readonly search: {
    readonly percent?: number;
    readonly target?: number;
    readonly headroom?: number;
    readonly seed?: number;
    readonly passes?: number;
  };
}

const MOST_CPUS = 2 ** 16;
const LONGEST_HOLD = { min: 1, max: 1e12 };
/** What `--json` is taken for a capture by, since it would be replaced. */
const CAPTURE = /\.(?:gz|trace|txt|log|dat|out)$/i;

function parseDecimal(option: string, text: string, low: number, high: number): number {
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw usageError(`${option} '${text}' is not a number`, { option, given: text });
  if (value >= low && value <= high) return value;
  const nearest = Math.min(high, Math.max(low, value));
  const message = `${option} ${text} is out of range: the nearest valid value is ${nearest} (${low} to ${high})`;
  throw usageError(message, { option, given: text, nearest: String(nearest) });
}

function flowsOf({ flows, wmem, rate, hold }: SizeArguments): FlowArguments {
  const missing = [flows === undefined && '--flows', wmem === undefined && '--wmem', rate === undefined && '--rate'];
  const names = missing.filter((name) => name !== false);
  if (names.length > 0) {
    throw usageError(`without a capture --flows, --wmem and --rate are needed: add ${names.join(' and ')}`, {
      missing: names,
    });
  }
  const named = hold?.find((text) => text.includes('='));
  if (named !== undefined) {
    throw usageError(`--hold ${named} names a device: flows have one, so give the time alone`, { given: named });
  }
  const last = hold?.at(-1);
  return {
    flows: parseInteger('--flows', flows!, { min: 1, max: 1e6 }),
    sendBufferBytes: parseSize('--wmem', wmem!, { min: KIB, max: 2 ** 40 }),
    bitsPerSecond: parseDecimal('--rate', rate!, 1e-6, 1e6) * 1e9,
    ...(last !== undefined && { holdNs: parseDuration('--hold', last, LONGEST_HOLD) }),
  };
}

/** Checks what was given. `captures`: how many there are. @throws ERR_USAGE */
export function sizeRequest(captures: number, given: SizeArguments): SizeRequest {
  const { hold, floor, cpus, have, memory, percent, target, headroom, seed, passes, json } = given;
  const ofFlows = (['flows', 'wmem', 'rate'] as const).find((name) => given[name] !== undefined);
  if (captures > 0 && ofFlows !== undefined) {
    throw usageError(`--${ofFlows} is of flows, and a capture is given: choose one`, { option: `--${ofFlows}` });
  }
  if (captures === 0 && ofFlows === undefined) {
    throw usageError('nothing to size a pool for: name a capture, or give --flows, --wmem and --rate');
  }
  if (typeof json === 'string' && CAPTURE.test(json)) {
    throw usageError(`--json ${json} would be replaced, and looks like a capture: write captures before --json`, {
      option: '--json',
      given: json,
    });
  }
  const flows = captures > 0 ? null : flowsOf(given);
  return {
    flows,
    holds: hold === undefined || flows !== null ? null : parseHolds('--hold', hold, null),
    ...(floor !== undefined && { floor: parseInteger('--floor', floor, { min: 0, max: MOST_SLOTS }) }),
    ...(cpus !== undefined && { cpus: parseInteger('--cpus', cpus, { min: 1, max: MOST_CPUS }) }),
    ...(have !== undefined && { haveParam: parsePool('--have', have).param }),
    ...(memory !== undefined && { memoryBytes: parseSize('--memory', memory, { min: 2 ** 20, max: 2 ** 50 }) }),
    search: {
      ...(percent !== undefined && { percent: parseInteger('--percent', percent, { min: 1, max: 90 }) }),
      ...(target !== undefined && { target: parseDecimal('--target', target, 1e-12, 1) }),
      ...(headroom !== undefined && { headroom: parseDecimal('--headroom', headroom, 1, 64) }),
      ...(seed !== undefined && { seed: parseInteger('--seed', seed, { min: 0, max: 2 ** 32 - 1 }) }),
      ...(passes !== undefined && { passes: parseInteger('--passes', passes, { min: 1, max: 1000 }) }),
    },
  };
}
