import { describe, expect, it } from '@jest/globals';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
  requireConfig,
  requirePagePercent,
} from '../../../lib/machine/build/config.js';
import { COPY_KERNEL_NAMES, copyKernelIndex } from '../../../lib/memory/copy-kernels.js';

function codeOf(given: MachineOptions): string | undefined {
  try {
    machineConfig({ cpus: { copyKernel: 0 } }, given);
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

describe('machineConfig', () => {
  it('fills in the defaults of the table', () => {
    const config = machineConfig({ cpus: { copyKernel: 3 } });
    expect(config).toMatchObject({
      design: 'bounce',
      freeDispatch: null,
      cpus: { count: 1, irqCpus: null, copyKernel: 3 },
      slotPool: { bytes: 64 << 20 },
      devices: { qdisc: 'fifo', completion: 'retire' },
    });
  });

  it('returns the defaults of Linux for a machine with one CPU, one sender and one device', () => {
    expect(machineConfig({ cpus: { copyKernel: 3 } })).toEqual({
      design: 'bounce',
      freeDispatch: null,
      flavour: 'hardened',
      cpus: { count: 1, irqCpus: null, copyKernel: 3 },
      sockets: {
        senders: 1,
        traffic: 'stream',
        messageBytes: 65536,
        sendBitsPerSecond: Infinity,
        sendBufferBytes: 4 << 20,
        congestionWindowBytes: Infinity,
        smallQueueBytes: 1 << 20,
        skbBytes: 65536,
        userBufferBytes: 2 << 20,
        userOffsetBytes: 0,
        readsPerMessage: 0,
        messagesPerSender: Infinity,
        learn: 'transmit',
        ttlMs: 1000,
        zeroCopySenders: 0,
        privateSenders: 0,
      },
      network: { linkBitsPerSecond: Infinity, lossShare: 0, ackLossShare: 0, ackDelayNs: 0 },
      pagePool: { ringSlots: 0, cachePages: 0 },
      userMemory: { pageBytes: 4096 },
      pins: { limitBytes: 8 << 20 },
      lending: { lender: 'page-cache' },
      registration: { regionId: 0 },
      slotPool: {
        bytes: 64 << 20,
        areas: 0,
        growth: 'none',
        growthBytes: 64 << 20,
        pagePercent: 90,
        singleBouncePages: false,
        exactCounters: false,
        allocSizeOverride: false,
      },
      owners: { buffers: 4, freesEarly: true },
      devices: {
        count: 1,
        direct: 0,
        coherent: true,
        stacked: 0,
        queues: 1,
        qdisc: 'fifo',
        ringDescriptors: 256,
        byteQueueLimits: true,
        completion: 'retire',
        interruptFrames: 8,
        interruptIntervalNs: 0,
        lineBitsPerSecond: 100e9,
      },
      checking: { everyByte: false, timesTxLock: false },
    });
  });

  it('lets bounce memory grow by the size of the slot pool, and by at least two of the largest blocks', () => {
    const growthBytes = (given: MachineOptions) =>
      machineConfig({ cpus: { copyKernel: 0 } }, given).slotPool.growthBytes;
    expect(growthBytes({})).toBe(64 << 20);
    expect(growthBytes({ slotPool: { bytes: 128 << 20 } })).toBe(128 << 20);
    expect(growthBytes({ slotPool: { bytes: 1 << 20 } })).toBe(8 << 20);
    expect(growthBytes({ slotPool: { growthBytes: 3_000_000 } })).toBe(3_000_000);
  });

  const wrong: [given: MachineOptions, code: string][] = [
    [{ design: 'bounce-page' as MachineConfig['design'] }, 'ERR_OUT_OF_RANGE'],
    [{ freeDispatch: 'folio' as MachineConfig['freeDispatch'] }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: { count: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: { count: 65 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { senders: 1.5 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { queues: 32 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { queues: 2, direct: 2 } }, 'ERR_OUT_OF_RANGE'], // more than there are devices
    [{ sockets: { privateSenders: 2 } }, 'ERR_OUT_OF_RANGE'], // more than there are senders
    [{ sockets: { zeroCopySenders: 2 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { messageBytes: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { messageBytes: Number.NaN } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { sendBufferBytes: 1 } }, 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { bytes: 3 << 20 } }, 'ERR_NOT_POWER_OF_TWO'],
    [{ slotPool: { bytes: 1 << 19 } }, 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { areas: 3 } }, 'ERR_NOT_POWER_OF_TWO'],
    [{ slotPool: { areas: 128 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { ringDescriptors: 100 } }, 'ERR_NOT_POWER_OF_TWO'],
    [{ slotPool: { pagePercent: 91 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { interruptFrames: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { interruptIntervalNs: -1 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { lineBitsPerSecond: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ network: { ackDelayNs: -1 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { messageBytes: 4 << 20 } }, 'ERR_OUT_OF_RANGE'], // larger than the user's buffer
    [{ sockets: { userOffsetBytes: -1 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { smallQueueBytes: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { lineBitsPerSecond: Number.NaN } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { completion: 'raed' as MachineConfig['devices']['completion'] } }, 'ERR_OUT_OF_RANGE'],
    [{ devices: { qdisc: 'lifo' as MachineConfig['devices']['qdisc'] } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { messagesPerSender: -1 } }, 'ERR_OUT_OF_RANGE'], // would never be reached by counting down
    [{ sockets: { messagesPerSender: 0.5 } }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: { irqCpus: [] } }, 'ERR_OUT_OF_RANGE'],
    [{ network: { lossShare: 0.51 } }, 'ERR_OUT_OF_RANGE'],
    [{ network: { lossShare: Number.NaN } }, 'ERR_OUT_OF_RANGE'],
    [{ network: { ackLossShare: -0.1 } }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: { count: 2, irqCpus: [1, 2] } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { traffic: 'steam' as MachineConfig['sockets']['traffic'] } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { traffic: 'paced' } }, 'ERR_OUT_OF_RANGE'], // at no rate
    [{ sockets: { traffic: 'app-limited' } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { sendBitsPerSecond: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { traffic: 'datagram', messageBytes: 65508 } }, 'ERR_OUT_OF_RANGE'],
    [{ network: { linkBitsPerSecond: Number.NaN } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { congestionWindowBytes: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { skbBytes: 1447 } }, 'ERR_OUT_OF_RANGE'],
    [{ sockets: { skbBytes: 65537 } }, 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { growth: 'pool' as MachineConfig['slotPool']['growth'] } }, 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { growthBytes: (1 << 20) - 1 } }, 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { growthBytes: 2 ** 31 + 1 } }, 'ERR_OUT_OF_RANGE'],
  ];

  it.each(wrong)('refuses %j', (given, code) => {
    expect(codeOf(given)).toBe(code);
  });

  it.each<[given: unknown, message: string]>([
    [null, 'options must be an object of design, '],
    [5, 'options must be an object of design, '],
    [{ sockets: 2n }, 'sockets must be an object of senders, '],
    [{ sockets: new Map([['senders', 2]]) }, 'sockets must be an object of senders, '],
    [{ sockets: () => 1 }, 'not a function'],
    [{ sockets: { senders: '2' } }, "sockets.senders must be an integer from 1 to 1024, not '2'"],
    [{ sockets: { senders: 2n } }, 'not 2n'],
    [{ sockets: { senders: [2] } }, 'not [2]'],
    [{ sockets: { senders: Symbol('x') } }, 'not Symbol(x)'],
    [{ checking: { everyByte: 'true' } }, "checking.everyByte must be true or false, not 'true'"],
    [{ network: { linkBitsPerSecond: '1' } }, "must be more than 0 bit/s, not '1'"],
    [{ devices: { count: 2 } }, 'devices.count must be at most devices.queues, which is 1, not 2'],
    [{ sockets: { privateSenders: 2 } }, 'sockets.privateSenders must be at most sockets.senders, which is 1, not 2'],
    [{ sockets: { messageBytes: 4 << 20 } }, 'sockets.userBufferBytes must be at least sockets.messageBytes + '],
  ])('says of what is no option, case %#, what is wrong with it', (given, message) => {
    const config = () => machineConfig({ cpus: { copyKernel: 0 } }, given as MachineOptions);
    expect(config).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(config).toThrow(message);
  });

  it('replaces values of earlier arguments with those of later ones, each by itself', () => {
    const first = machineConfig({ cpus: { copyKernel: 3, count: 2 }, sockets: { senders: 4 } });
    const second = machineConfig(first, { sockets: { messageBytes: 100 } }, { design: 'direct', cpus: { count: 5 } });
    expect(second).toEqual({
      ...first,
      design: 'direct',
      cpus: { ...first.cpus, count: 5 },
      sockets: { ...first.sockets, messageBytes: 100 },
    });
    expect(first.cpus.count).toBe(2);
  });

  const misplaced: [given: object, message: string, code?: string][] = [
    [{ senders: 2 }, "no option 'senders': it belongs into a group: write { sockets: { senders: ... } }"],
    [{ cpus: 2 }, 'cpus must be an object of count, irqCpus, copyKernel, not 2', 'ERR_OUT_OF_RANGE'],
    [{ slotPool: { percent: 10 } }, "slotPool has no option 'percent': did you mean"],
    [{ slotPool: { percent: 10 } }, 'Its options are bytes, areas, growth, growthBytes, pagePercent'],
    [{ pool: 1 << 20 }, "a machine has no option 'pool'. Its options are"],
    [{ pool: 1 << 20 }, 'Its options are design, freeDispatch, flavour, cpus, sockets, network'],
    [{ toString: 1 }, "a machine has no option 'toString'"],
    [{ cpus: [4] }, 'cpus must be an object of count, irqCpus, copyKernel, not [4]', 'ERR_OUT_OF_RANGE'],
    [{ design: null }, 'design null is none of direct, bounce, bounce-pages', 'ERR_OUT_OF_RANGE'],
    [{ design: 'bounce-page' }, "did you mean 'bounce-pages'?", 'ERR_OUT_OF_RANGE'],
    [{ slotPol: {} }, "did you mean 'slotPool'?"],
    [{ slotPool: { byte: 1 } }, "did you mean 'bytes'?"],
  ];

  it.each(misplaced)('refuses %j, and says where values belong', (given, message, code = 'ERR_UNKNOWN_OPTION') => {
    expect(() => machineConfig({ cpus: { copyKernel: 0 } }, given)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
      }),
    );
  });

  it('has the copy kernel of Linux by default, and takes another one by name or by index', () => {
    const kernelOf = (given?: MachineOptions) => machineConfig(...(given ? [given] : [])).cpus.copyKernel;
    const usual = copyKernelIndex('kernel-like');
    expect([kernelOf(), kernelOf({}), kernelOf({ cpus: { copyKernel: 'kernel-like' } })]).toEqual([
      usual,
      usual,
      usual,
    ]);
    expect(kernelOf({ cpus: { copyKernel: 'portable' } })).toBe(COPY_KERNEL_NAMES.indexOf('portable'));
    expect(kernelOf({ cpus: { copyKernel: 7 } })).toBe(7);
    expect(machineConfig({ cpus: { copyKernel: 'libc' } }, { cpus: { count: 2 } }).cpus.copyKernel).toBe(0);
  });

  it.each<[unknown, string]>([
    ['memcpy', 'ERR_KERNEL_UNSUPPORTED'],
    ['', 'ERR_KERNEL_UNSUPPORTED'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [4.7, 'ERR_OUT_OF_RANGE'],
    [COPY_KERNEL_NAMES.length, 'ERR_OUT_OF_RANGE'],
    [null, 'ERR_OUT_OF_RANGE'],
    [{}, 'ERR_OUT_OF_RANGE'],
  ])('refuses %p as a copy kernel', (copyKernel, code) => {
    expect(() => machineConfig({ cpus: { copyKernel: copyKernel as number } })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('is told from what is none', () => {
    const config = machineConfig();
    requireConfig(config);
    const cases: [unknown, string][] = [
      [undefined, 'ERR_INVALID_ARG_TYPE'],
      [{}, 'ERR_INVALID_ARG_TYPE'],
      [{ ...config, sender: 1 }, 'ERR_UNKNOWN_OPTION'],
      [{ ...config, cpus: { ...config.cpus, counts: 1 } }, 'ERR_UNKNOWN_OPTION'],
    ];
    for (const [given, code] of cases) {
      expect(() => requireConfig(given as MachineConfig)).toThrow(expect.objectContaining({ code }));
    }
  });

  it('is plain data, which crosses threads unchanged', () => {
    const config = machineConfig({ cpus: { copyKernel: 0, count: 2, irqCpus: [1] } });
    expect(structuredClone(config)).toEqual(config);
  });
});

describe('the options of a design', () => {
  it.each<[MachineOptions, string]>([
    [{ design: 'bounce', pagePool: { ringSlots: 4 } }, 'pagePool.ringSlots is an option of page-pool'],
    [{ design: 'page-pool', owners: { buffers: 1 } }, 'owners.buffers is an option of txbuf'],
    [{ design: 'txbuf', registration: { regionId: 3 } }, 'registration.regionId is an option of registered'],
  ])('are refused for another one: %j', (given, message) => {
    expect(() => machineConfig({ cpus: { copyKernel: 0 } }, given)).toThrow(message);
  });

  it('are accepted for another one where they are the defaults', () => {
    const { pagePool, owners } = machineConfig({ cpus: { copyKernel: 0 } });
    expect(codeOf({ design: 'bounce', pagePool, owners })).toBeUndefined();
  });
});

describe('mergeOptions', () => {
  it('leaves its arguments as they are', () => {
    const [one, other] = [{ cpus: { count: 2 } }, { cpus: { irqCpus: [0] } }];
    expect(mergeOptions(one, other)).toEqual({ cpus: { count: 2, irqCpus: [0] } });
    expect({ one, other }).toEqual({ one: { cpus: { count: 2 } }, other: { cpus: { irqCpus: [0] } } });
  });
});

describe('requirePagePercent', () => {
  it('refuses a percentage out of the range of its row', () => {
    expect([0, 90].map((percent) => requirePagePercent(percent))).toEqual([undefined, undefined]);
    expect(() => requirePagePercent(91)).toThrow(/slotPool\.pagePercent must be an integer from 0 to 90, not 91/);
  });
});
