/**
 * /proc/cpuinfo as blocks of fields, one for each CPU, and the fields that stand outside of them and are of all. Where
 * a block begins differs by architecture; each has lines `name : value`. Pure.
 */

export type Fields = ReadonlyMap<string, string>;

export interface CpuBlocks {
  /** Fields of each CPU that is listed. Linux lists those that are online. */
  readonly blocks: ReadonlyMap<number, Fields>;
  readonly common: Fields;
}

/** `version = FF, machine = 2964`, as s390 has it in one line for each CPU. */
function pairs(text: string): [string, string][] {
  return [...text.matchAll(/(\w[\w ]*?)\s*=\s*([^,]+)/g)].map((pair) => [pair[1]!, pair[2]!.trim()]);
}

/** Parses the file of any architecture. A text of another form has no blocks and no fields. */
export function cpuBlocks(text: string): CpuBlocks {
  const blocks = new Map<number, Map<string, string>>();
  const common = new Map<string, string>();
  let current: Map<string, string> | null = null;
  const blockOf = (cpu: string): Map<string, string> => {
    const block = blocks.get(Number(cpu)) ?? new Map<string, string>();
    blocks.set(Number(cpu), block);
    return block;
  };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const value = line.slice(colon + 1).trim();
    const inOneLine = /^processor (\d+)$/.exec(name)?.[1];
    const sparc = value === 'online' ? /^CPU(\d+)$/.exec(name)?.[1] : undefined;
    if (line.trim() === '') current = null;
    else if (inOneLine !== undefined) for (const [key, of] of pairs(value)) blockOf(inOneLine).set(key, of);
    else if (sparc !== undefined) blockOf(sparc);
    else if ((name === 'processor' || name === 'cpu number') && /^\d+$/.test(value)) current = blockOf(value);
    else if (name !== '') {
      const fields: Map<string, string> = current ?? common;
      if (!fields.has(name)) fields.set(name, value);
    }
  }
  // A version of Linux for one CPU has no numbers.
  if (blocks.size === 0 && common.size > 0) blocks.set(0, new Map());
  return { blocks, common };
}
