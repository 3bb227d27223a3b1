/** What Linux, a hypervisor and memory encryption do on a host. Pure. */
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { bytes } from '../tables/format.js';
import type { Row } from './rows.js';

export function linuxRows({ kernel }: HostFacts): Row[] {
  const { release, clocksource, preemption, mitigations, bootTokens, sendBufferMaxBytes = null } = kernel;
  const against = mitigations === null ? null : Object.entries(mitigations).map(([name, text]) => `${name}: ${text}`);
  return [
    ['Linux', release],
    ['clock source', clocksource],
    ['preemption', preemption],
    ['mitigations', against === null ? null : against.join('; ') || 'no weakness that Linux knows'],
    ['boot tokens', bootTokens === null ? null : bootTokens.join(' ') || 'none that matter for copies'],
    ['send buffer', sendBufferMaxBytes === null ? null : `${bytes(sendBufferMaxBytes)} at most by itself (tcp_wmem)`],
  ];
}

/** `able: sme sev; guest: none; in effect: none; not in effect: sev; undecided: sme`. */
export function encryptionText({ able, guest, inEffect, notInEffect, undecided }: HostFacts['encryption']): string {
  const list = (names: readonly string[] | null) => (names === null ? 'unknown' : names.join(' ') || 'none');
  const parts = [`able: ${list(able)}`, `guest: ${guest ?? 'unknown'}`, `in effect: ${list(inEffect)}`];
  if (notInEffect.length > 0) parts.push(`not in effect: ${list(notInEffect)}`);
  if (undecided.length > 0) parts.push(`undecided: ${list(undecided)}`);
  return parts.join('; ');
}

function hypervisorText({ present, vendor }: HostFacts['hypervisor']): string {
  if (present === null) return 'unknown';
  return present ? (vendor ?? 'one that is not named') : 'none';
}

/** `option`: what `swiotlb=` makes Linux do at its start. */
export function bouncingRows({ swiotlb, encryption, hypervisor }: HostFacts, option: string): Row[] {
  return [
    ['hypervisor', hypervisorText(hypervisor)],
    ['memory encryption', encryptionText(encryption)],
    ['swiotlb at start-up', option],
    ...(swiotlb ?? []).map(({ pool, slots, used, highWater }): Row => {
      const counters = [`${slots ?? '-'} slots`, `${used ?? '-'} used`, `${highWater ?? '-'} at peak`];
      return [`slot pool ${pool || 'of the system'}`, counters.join(', ')];
    }),
  ];
}
