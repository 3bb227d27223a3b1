/**
 * Copies beside another thread that streams through memory, on the next CPU that this process may use.
 * The word at index 0 of the shared array says what the neighbour shall do, that at index 1 what it does.
 */
import { timedCopy } from '../../../memory/copy.js';
import { Region } from '../../../memory/region.js';
import { MIB } from '../../../units.js';
import { type Findings, inTurns, type Task } from './guard.js';
import { CHUNK_BYTES, largeBytes } from './scratch-memory.js';

const WISH = 0;
const STATE = 1;
export const NEIGHBOUR_WORDS = 2;
const REST = 0;
const STREAM = 1;
const END = 2;

/** How long either side waits before it looks again, and how long it waits for the neighbour in all. */
const LOOK_MS = 1;
const PATIENCE_MS = 100;
const SAMPLE_BYTES = 8 * MIB;

/** Streams while that is wished; returns when it shall end. Runs on a thread of its own. */
export function playNeighbour({ neighbour, copyKernel }: Task): null {
  using memory = largeRegion();
  while (Atomics.load(neighbour, WISH) !== END) {
    const wish = Atomics.load(neighbour, WISH);
    Atomics.store(neighbour, STATE, wish);
    if (wish === STREAM) copyOnce(memory, copyKernel);
    else Atomics.wait(neighbour, WISH, wish, 10 * LOOK_MS);
  }
  Atomics.store(neighbour, STATE, END);
  return null;
}

/** Without the guard, the neighbour streams; with it, it rests. */
export function noisyNeighbour({ ms, copyKernel, neighbour, cpus }: Task): Findings {
  const memory = largeRegion();
  const sample = (wish: number) => {
    Atomics.store(neighbour, WISH, wish);
    Atomics.notify(neighbour, WISH);
    const begin = performance.now();
    while (Atomics.load(neighbour, STATE) !== wish && performance.now() - begin < PATIENCE_MS) {
      Atomics.wait(neighbour, STATE, 1 - wish, LOOK_MS);
    }
    return (copyOnce(memory, copyKernel) / SAMPLE_BYTES) * CHUNK_BYTES;
  };
  try {
    const samples = inTurns({ without: () => sample(STREAM), with: () => sample(REST) }, ms);
    return {
      pairs: [{ what: '64 KiB copied from memory to memory', unit: 'ns', ...samples }],
      facts: [
        {
          what: 'the neighbour, a thread of this command, ran on CPU',
          value: cpus[1] ?? cpus[0] ?? null,
          unit: 'count',
        },
      ],
    };
  } finally {
    memory.close();
  }
}

/** Ends `playNeighbour`. */
export function endNeighbour(neighbour: Int32Array): void {
  Atomics.store(neighbour, WISH, END);
  Atomics.notify(neighbour, WISH);
}

function largeRegion(): Region {
  return Region.create({ bytes: Math.max(2 * SAMPLE_BYTES, largeBytes()), lock: 'no', hugePages: 'thp' });
}

/** From one half of the memory to the other, from random places on. Returns nanoseconds. */
function copyOnce(memory: Region, copyKernel: number): number {
  const side = memory.bytes / 2;
  const places = Math.floor((side - SAMPLE_BYTES) / CHUNK_BYTES) + 1;
  const at = Math.floor(Math.random() * places) * CHUNK_BYTES;
  const source = { srcRegion: memory.id, srcOffset: at, srcSpan: SAMPLE_BYTES };
  const destination = { dstRegion: memory.id, dstOffset: side + at, dstSpan: SAMPLE_BYTES };
  const batch = SAMPLE_BYTES / CHUNK_BYTES;
  return timedCopy({ copyKernel, bytes: CHUNK_BYTES, batch, ...source, ...destination }, 1)[0]!;
}
