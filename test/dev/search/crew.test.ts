/** Threads that reply, fail, fall silent or die. */
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Crew } from '../../../dev/search/crew.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { ramLayout } from '../../../lib/machine/build/ram.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';

/** A thread that does what it is told: replies, replies with a failure, loops, or exits. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', (told) => {
    const what = told[workerData];
    if (what === 'loop') for (;;);
    if (what === 'exit') process.exit(3);
    parentPort.postMessage({ failure: what === 'fine' ? null : { thread: workerData, code: what } });
  });`;

let started = 0;
const crew = new Crew<readonly string[]>((thread) => {
  started++;
  return new Worker(THREAD, { eval: true, workerData: thread });
});
afterEach(() => crew.close());

describe('a crew', () => {
  it('plays with as many threads as the caller asks for, and keeps them', async () => {
    started = 0;
    const fine = { failures: [], isSilent: false };
    expect(await crew.play(['fine', 'fine'], 2, () => 0, 60)).toEqual(fine);
    expect(await crew.play(['fine'], 1, () => 0, 60)).toEqual(fine);
    expect(started).toBe(2);
  });

  it('collects the failures of its threads', async () => {
    const { failures, isSilent } = await crew.play(['fine', 'ERR_A', 'ERR_B'], 3, () => 0, 60);
    expect(failures.map(({ thread, code }) => `${thread} ${code}`)).toEqual(['1 ERR_A', '2 ERR_B']);
    expect(isSilent).toBe(false);
  });

  it('ends its threads when the heartbeat stops, and goes on with new ones', async () => {
    let beats = 0;
    const oneBeat = () => Math.min(++beats, 2);
    const { failures, isSilent } = await crew.play(['ERR_A', 'loop'], 2, oneBeat, 2);
    expect({ failures: failures.length, isSilent }).toEqual({ failures: 1, isSilent: true });
    expect(await crew.play(['fine', 'fine'], 2, () => 0, 60)).toEqual({ failures: [], isSilent: false });
  });

  it('waits longer for the first heartbeat, since threads may not have started yet', async () => {
    const late = new Crew(() => new Worker(`setTimeout(() => { ${THREAD} }, 4000)`, { eval: true, workerData: 0 }));
    expect(await late.play(['fine'], 1, () => 0, 1)).toEqual({ failures: [], isSilent: false });
    await late.close();
  });

  it('rejects when a thread dies', async () => {
    await expect(crew.play(['fine', 'exit'], 2, () => 0, 60)).rejects.toMatchObject({
      code: 'ERR_WORKER_DIED',
      message: 'the thread of a CPU exited with code 3',
    });
  });

  it('keeps memory for machines of the same layout, and clears its headers', () => {
    const small = machineConfig({
      cpus: { copyKernel: copyKernelIndex('libc') },
      sockets: { sendBufferBytes: 1 << 16, userBufferBytes: 1 << 17 },
      slotPool: { bytes: 1 << 20 },
    });
    const layout = ramLayout(small);
    const ram = crew.memoryFor(small);
    const header = new Uint8Array(ram.buffer, layout.headers, layout.headerBytes);
    const user = new Int32Array(ram.buffer, layout.users, 1);
    expect(ram.bytes).toBeGreaterThanOrEqual(layout.bytes);
    expect(header[5]).toBe(0);
    expect(user[0]).not.toBe(0);
    header[5] = 1;
    const word = user[0];
    expect(crew.memoryFor(small)).toBe(ram);
    expect({ header: header[5], user: user[0] }).toEqual({ header: 0, user: word });
    const large = machineConfig(small, { sockets: { sendBufferBytes: 8 << 20 } });
    expect(crew.memoryFor(large).bytes).toBeGreaterThanOrEqual(ramLayout(large).bytes);
  });
});
