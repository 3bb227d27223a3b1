import { describe, expect, it } from '@jest/globals';
import { type MachineConfig, machineConfig } from '../../../lib/machine/build/config.js';

function codeOf(given: Partial<MachineConfig>): string | undefined {
  try {
    machineConfig({ kernel: 0, ...given });
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

describe('machineConfig', () => {
  it('fills in what Linux does by default', () => {
    const config = machineConfig({ kernel: 3 });
    expect(config).toMatchObject({
      design: 'bounce',
      freeDispatch: null,
      kernel: 3,
      qdisc: 'fifo',
      device: 'retire',
      pool: 64 << 20,
    });
  });

  it('lets bounce memory grow by the size of the pool, and by two of the largest blocks at least', () => {
    const growthBytes = (given: Partial<MachineConfig>) => machineConfig({ kernel: 0, ...given }).growthBytes;
    expect([growthBytes({}), growthBytes({ pool: 128 << 20 }), growthBytes({ pool: 1 << 20 })]).toEqual([
      ...[64 << 20, 128 << 20, 8 << 20],
    ]);
    expect(growthBytes({ growthBytes: 3_000_000 })).toBe(3_000_000);
  });

  const wrong: [given: Partial<MachineConfig>, code: string][] = [
    [{ design: 'bounce-page' as MachineConfig['design'] }, 'ERR_OUT_OF_RANGE'],
    [{ freeDispatch: 'folio' as MachineConfig['freeDispatch'] }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: 65 }, 'ERR_OUT_OF_RANGE'],
    [{ senders: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ queues: 32 }, 'ERR_OUT_OF_RANGE'],
    [{ message: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ message: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ window: 1 }, 'ERR_OUT_OF_RANGE'],
    [{ pool: 3 << 20 }, 'ERR_NOT_POWER_OF_TWO'],
    [{ pool: 1 << 19 }, 'ERR_OUT_OF_RANGE'],
    [{ ring: 100 }, 'ERR_NOT_POWER_OF_TWO'],
    [{ percent: 91 }, 'ERR_OUT_OF_RANGE'],
    [{ interruptFrames: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ lineRate: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ ackDelayNs: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ message: 4 << 20 }, 'ERR_OUT_OF_RANGE'], // larger than the user's buffer
    [{ userOffset: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ smallQueue: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ lineRate: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ device: 'raed' as MachineConfig['device'] }, 'ERR_OUT_OF_RANGE'],
    [{ qdisc: 'lifo' as MachineConfig['qdisc'] }, 'ERR_OUT_OF_RANGE'],
    [{ messagesPerSender: -1 }, 'ERR_OUT_OF_RANGE'], // would never be reached by counting down
    [{ messagesPerSender: 0.5 }, 'ERR_OUT_OF_RANGE'],
    [{ irqCpus: [] }, 'ERR_OUT_OF_RANGE'],
    [{ lossRate: 0.51 }, 'ERR_OUT_OF_RANGE'],
    [{ lossRate: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ ackLossRate: -0.1 }, 'ERR_OUT_OF_RANGE'],
    [{ cpus: 2, irqCpus: [1, 2] }, 'ERR_OUT_OF_RANGE'],
    [{ traffic: 'steam' as MachineConfig['traffic'] }, 'ERR_OUT_OF_RANGE'],
    [{ traffic: 'paced' }, 'ERR_OUT_OF_RANGE'], // at no rate
    [{ traffic: 'app-limited' }, 'ERR_OUT_OF_RANGE'],
    [{ sendRate: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ traffic: 'datagram', message: 65508 }, 'ERR_OUT_OF_RANGE'],
    [{ linkRate: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ congestionWindow: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ gso: 1447 }, 'ERR_OUT_OF_RANGE'],
    [{ gso: 65537 }, 'ERR_OUT_OF_RANGE'],
    [{ growth: 'pool' as MachineConfig['growth'] }, 'ERR_OUT_OF_RANGE'],
    [{ growthBytes: (1 << 20) - 1 }, 'ERR_OUT_OF_RANGE'],
    [{ growthBytes: 2 ** 31 + 1 }, 'ERR_OUT_OF_RANGE'],
  ];

  it.each(wrong)('refuses %j', (given, code) => {
    expect(codeOf(given)).toBe(code);
  });
});
