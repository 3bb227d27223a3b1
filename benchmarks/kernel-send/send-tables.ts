/** How a report shows sends through Linux, what the columns mean, and what this host does not allow. Pure. */
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { Gap } from './sender-messages.js';

/** Returns one line of a report, which is folded where it is too long. */
export const gapLine = ({ what, reason, remedy }: Gap) =>
  `Left out: ${what}, because ${reason}; to have it: ${remedy}.`;

/** `isApart`: senders have a network namespace of their own. `found`: lines on what was found out before the run. */
export function tablesOf(isApart: boolean, gaps: readonly Gap[], found: readonly string[] = []): TableSpec[] {
  const where = isApart
    ? 'in network namespaces that the run made and that ended with it'
    : 'over the loopback interface of this host';
  const legend = [
    `CPU time of a message, ${where}. send: in the calls that send, which over loopback hold what Linux does to ` +
      'receive in softirq; receive: in the calls of a receiver on the same CPU that throws it away; completion: in ' +
      'those that read the error queue; ns: send and completion.',
    'copy: a copy of as many bytes beside it, as Linux copies on this CPU, from a source in the same state to memory ' +
      'of twice the message, for Linux hands out first what was freed last (an assumption). control: send and ' +
      'completion without that copy, per 64 KiB; sendfile, splice and udp-zerocopy hand over pages, so nothing is ' +
      'taken off.',
    'hot: the same memory over and over; aged: memory walked through beyond the last-level cache; flushed: evicted ' +
      'from all caches just before. No NIC, no driver of one and no swiotlb of Linux is in any of it.',
    ...found,
    ...gaps.map(gapLine),
  ];
  return [{ kind: 'linux-sends', legend }];
}
