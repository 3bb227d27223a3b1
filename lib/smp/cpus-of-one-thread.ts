/** CPUs for what replays: one thread is each of them in turn. */
import { Arena } from './arena.js';
import { CopyLedger } from './copy-ledger.js';
import { Cpu, CpuTable } from './cpu.js';

/** Makes CPUs 0 to `count` - 1, all of this thread: what they do follows each other. */
export function cpusOfOneThread(count: number): Cpu[] {
  const table = new CpuTable(
    Arena.for((arena) => new CpuTable(arena, count)),
    count,
  );
  const ledger = CopyLedger.inArena(
    Arena.for((arena) => CopyLedger.inArena(arena, count)),
    count,
  );
  return Array.from({ length: count }, (_, id) => new Cpu(id, table, ledger));
}
