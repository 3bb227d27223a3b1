/** Lists of CPUs as Linux and taskset write them: `0-3,8,10-11`. */

/**
 * Parses a list into numbers in ascending order; null if the text is not a list. An empty text is an empty list. White
 * space and NUL at the ends are no part of it.
 */
export function parseCpuList(text: string): number[] | null {
  const cpus = new Set<number>();
  const list = text.replaceAll('\0', ' ').trim();
  if (list === '') return [];
  for (const part of list.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) return null;
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** Formats numbers in ascending order as a list. */
export function formatCpuList(cpus: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < cpus.length; ) {
    let end = start;
    while (cpus[end + 1] === cpus[end]! + 1) end++;
    parts.push(start === end ? `${cpus[start]}` : `${cpus[start]}-${cpus[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}
