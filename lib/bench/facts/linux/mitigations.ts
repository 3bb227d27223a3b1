/** What Linux does about weaknesses of the CPU: flushes and barriers that cost time at each entry and switch. */

import type { HostFiles } from '../host-files.js';

const FOLDER = '/sys/devices/system/cpu/vulnerabilities';
const MAX_LENGTH = 60;

/** The first clause, without the word that each begins with. */
function shortened(text: string): string {
  const [clause] = text.replace('Mitigation: ', '').split(/[;\n]/);
  return clause!
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, MAX_LENGTH);
}

/** The weaknesses that this CPU has, by Linux's names, with what is done; those that it does not have are left out. */
export function mitigations(files: HostFiles): Record<string, string> | null {
  const named = files.entries(FOLDER).flatMap((name): [string, string][] => {
    const text = files.text(`${FOLDER}/${name}`);
    if (!/^\w+$/.test(name)) return [];
    if (text) return [[name, text]];
    files.miss(`kernel.mitigations.${name}`, files.reason(`${FOLDER}/${name}`));
    return [];
  });
  if (named.length === 0) return files.miss('kernel.mitigations', files.folderReason(FOLDER));
  const present = named.filter(([, text]) => !text.startsWith('Not affected'));
  return Object.fromEntries(present.map(([name, text]) => [name, shortened(text)]));
}
