/** What the verdict says of the control plane of Linux: computed, and said to be. Pure. */
import type { ResultDocument } from '../bench/result/result.js';
import type { ComputedValue } from '../bench/types/cores.js';
import { ALTERNATIVE, BASELINE, type Condition, cellOf } from './tables/conditions.js';
import { REPORT_WIDTH, significant, wrap } from './tables/format.js';

const within = ({ median, low, high }: ComputedValue, factor = 1) => {
  const [middle, from, to] = [median, low, high].map((value) => significant(value * factor));
  return low === high ? middle : `${middle} [${from}, ${to}]`;
};

/** Sends through Linux were measured, and yet nothing follows from them. */
const NOTHING = [
  "Not computed: what they would move with Linux's control plane; designs without costs, or no TCP here.",
];

/** Says what both designs would move with the control plane of this host's own Linux; nothing where not measured. */
export function linuxControlLines(result: ResultDocument, condition: Condition): string[] {
  const { linuxControl, results } = result;
  const [from, to] = [cellOf(condition, BASELINE), cellOf(condition, ALTERNATIVE)];
  if (from === undefined || to === undefined) return [];
  if (linuxControl === undefined) return results.some(({ scenario }) => scenario === 'kernel-send') ? NOTHING : [];
  const rateOf = (id: string) => linuxControl.rates.find((rate) => rate.id === id);
  const [slow, fast] = [rateOf(from.id), rateOf(to.id)];
  const ratio = linuxControl.ratios.find((one) => one.of === to.id && one.to === from.id);
  if (slow === undefined || fast === undefined || ratio === undefined) return [];
  return wrap(
    `Computed, not measured: with this Linux's ${within(linuxControl.controlNsPer64K, 1e-3)} µs of control plane per ` +
      `64 KiB instead of this program's, ${BASELINE} would move ${within(slow)} and ${ALTERNATIVE} ${within(fast)} ` +
      `Gbit/s (ratio ${within(ratio)}).`,
    REPORT_WIDTH,
    '  ',
  );
}
