/** The host in one line: what a reader of an email needs to judge a number. */
import type { ResultDocument } from '../../bench/result/result.js';
import { bytes, count } from './format.js';

function cacheWords({ caches }: ResultDocument['machine']): string[] {
  const data = (caches ?? []).filter(({ type, level }) => type !== 'Instruction' && level > 1);
  return data.map(({ level, bytes: size }) => `L${level} ${bytes(size)}`);
}

export function hostLine({ machine }: Pick<ResultDocument, 'machine'>): string {
  const { cpu, hypervisor, kernel, encryption } = machine;
  const generation =
    cpu.family === null ? '' : ` (family ${cpu.family} model ${cpu.modelNumber} stepping ${cpu.stepping})`;
  const guest = hypervisor.present ? `guest${hypervisor.vendor === null ? '' : ` of ${hypervisor.vendor}`}` : null;
  const words = [
    `${cpu.model ?? cpu.vendor ?? machine.arch}${generation}`,
    cpu.online === null ? null : count(cpu.online.length, 'CPU'),
    ...cacheWords(machine),
    guest,
    encryption !== null && encryption.length > 0 ? encryption.join(' ') : null,
    kernel.release === null ? null : `Linux ${kernel.release}`,
  ];
  return words.filter((word) => word !== null).join(', ');
}
