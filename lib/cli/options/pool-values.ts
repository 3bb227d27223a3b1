/** Values of options about slot pools and captures: pools as after `swiotlb=`, and hold times. */
import { usageError } from './usage.js';
import { parseDuration } from './values.js';

const LONGEST_HOLD = { min: 0, max: 1e12 };
/** 4 GiB, below which a slot pool has to lie. */
export const MOST_SLOTS = 2 ** 21;

/** Reads `SLOTS[,AREAS]`, with what stands around them on the command line of Linux or without. @throws ERR_USAGE */
export function parsePool(option: string, text: string): { readonly slots: number; readonly param: string } {
  const match = /^(?:swiotlb=)?((\d{1,9})(?:,\d{1,5})?(?:,?(?:no)?force)?)$/.exec(text);
  const slots = Number(match?.[2] ?? 0);
  if (match === null || slots < 1) {
    const valid = 'write slots of 2 KiB, and areas, as after swiotlb=: 32768,4';
    throw usageError(`${option} '${text}' is not a slot pool: ${valid}`, { option, given: text });
  }
  if (slots > MOST_SLOTS) {
    throw usageError(`${option} ${text} is out of range: the nearest valid value is ${MOST_SLOTS} slots, 4 GiB`, {
      option,
      given: text,
      nearest: String(MOST_SLOTS),
    });
  }
  return { slots, param: match[1]! };
}

/** Reads `1ms` and `DEVICE=1ms`, each any number of times. @throws ERR_USAGE */
export function parseHolds<Default extends number | null>(
  option: string,
  given: readonly string[],
  defaultNs: Default,
): { defaultNs: number | Default; byDevice: ReadonlyMap<string, number> } {
  let ofAll: number | null = null;
  const byDevice = new Map<string, number>();
  for (const text of given) {
    const at = text.lastIndexOf('=');
    if (at === 0) throw usageError(`${option} '${text}' names no device before '='`, { option, given: text });
    const ns = parseDuration(option, text.slice(at + 1), LONGEST_HOLD);
    const device = at < 0 ? null : text.slice(0, at);
    if (device === null ? ofAll !== null : byDevice.has(device)) {
      const whose = device === null ? 'all devices' : `'${device}'`;
      throw usageError(`${option} gives two times for ${whose}: leave one out`, { option, given: text });
    }
    if (device === null) ofAll = ns;
    else byDevice.set(device, ns);
  }
  return { defaultNs: ofAll ?? defaultNs, byDevice };
}
