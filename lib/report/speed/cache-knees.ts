/** What measurement says of caches, in words that stand beside what is told of them. Pure. */
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { KIB, MIB } from '../../units.js';
import { significant } from '../tables/format.js';

/** Returns `1.1 MiB [1, 1.4]`. */
export function sizeWords({ bytes, low, high }: { bytes: number; low: number; high: number }): string {
  const [unit, name] = bytes >= MIB ? [MIB, 'MiB'] : [KIB, 'KiB'];
  const text = (value: number) => `${Number(significant(value / unit))}`;
  return `${text(bytes)} ${name} [${text(low)}, ${text(high)}]`;
}

/** Returns one sentence without a full stop; null where nothing was measured. */
export function kneeSentence({ cacheKnees }: Pick<HostFacts, 'cacheKnees'>): string | null {
  if (!cacheKnees) return null;
  if (cacheKnees.length === 0) return 'measured: memory is as fast at all sizes';
  const sizes = cacheKnees.map(sizeWords);
  const listed = [sizes.slice(0, -1).join(', '), sizes.at(-1)!].filter((text) => text !== '').join(' and ');
  const times = [cacheKnees[0]!.beforeNs, ...cacheKnees.map(({ afterNs }) => afterNs)].map(significant);
  return `measured: memory gets slower from ${listed} on, ${times.join(', ')} ns a load`;
}
