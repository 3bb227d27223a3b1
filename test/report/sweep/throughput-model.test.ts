import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { modelOf } from '../../../lib/report/sweep/model-parameters.js';
import { bouncedShare, predict, roomForPages, transfers } from '../../../lib/report/sweep/throughput-model.js';
import { MIB } from '../../../lib/units.js';
import { CALIBRATION, COSTS, memoryCell, sweepOf, sweptCell } from '../fixtures/sweep.js';

const PACKET = 65536;
const result = sweepOf(CALIBRATION);
const model = modelOf(result)!;
const of = (cell: CellResult) => predict(cell, model, result)!;
const gbps = (bytesPerNs: number) => 8 * bytesPerNs;
const senderNs = ({ userCopy, page, call }: (typeof COSTS)[keyof typeof COSTS], message = 65536) =>
  userCopy + page / 32768 + call / message;

describe('predict', () => {
  it('has the four limits of the formula', () => {
    const { bounce } = COSTS;
    const { limits } = of(sweptCell('bounce', 1, { senders: 3, queues: 2, message: 1024 }));
    expect(limits.senders).toBeCloseTo(gbps(3 / senderNs(bounce, 1024)), 6);
    expect(limits['TX lock']).toBeCloseTo(gbps((2 * PACKET) / (bounce.locked + PACKET * bounce.bounceCopy)), 6);
    expect(limits.memory).toBeCloseTo(gbps(30 / 2), 6); // the pool is larger than the cache, 8 MiB in flight are not
    expect(limits.line).toBe(Number.POSITIVE_INFINITY);
    const pages = of(sweptCell('bounce-pages', 1, { queues: 2 })).limits;
    expect(pages['TX lock']).toBeCloseTo(gbps((2 * PACKET) / COSTS['bounce-pages'].locked), 6);
  });

  it('has a limit of CPUs, which share all work', () => {
    const { bounce } = COSTS;
    const work = senderNs(bounce) + (bounce.locked + bounce.elsewhere) / PACKET + bounce.bounceCopy;
    expect(of(sweptCell('bounce', 1, { cpus: 3 })).limits.CPUs).toBeCloseTo(gbps(3 / work), 6);
  });

  it('returns the lowest limit, and its name', () => {
    const one = of(sweptCell('bounce', 1, { senders: 8, cpus: 9 }));
    expect(one).toMatchObject({ limit: 'TX lock', rate: Math.min(...Object.values(one.limits)) });
    expect(of(sweptCell('bounce', 1, { senders: 1, queues: 8, cpus: 9, pool: 16 * MIB })).limit).toBe('senders');
    expect(of(sweptCell('bounce', 1, { senders: 8, queues: 8, cpus: 2 })).limit).toBe('CPUs');
    expect(of(sweptCell('bounce', 1, { senders: 8, queues: 8, cpus: 16 })).limit).toBe('memory');
  });

  it('has limits of acknowledgements, of the line, and of a device that reads', () => {
    const late = of(sweptCell('bounce', 1, { ackDelayNs: 10e6 }));
    expect(late).toMatchObject({ limit: 'ACKs', rate: gbps((2 * 4 * MIB) / 10e6) });
    const line = sweptCell('direct', 1);
    expect(of({ ...line, ledger: { ...line.ledger, lineGbps: 10 } })).toMatchObject({ limit: 'line', rate: 10 });
    const cost = { ...COSTS.direct, deviceRead: 0.5 };
    const reading = { ...model, parameters: new Map([['direct', cost]]) };
    const cell = sweptCell('direct', 1, { device: 'read' });
    expect(predict(cell, reading, result)).toMatchObject({ limit: 'device', rate: 16 });
    const crowded = predict(cell, reading, result)!.limits.CPUs;
    expect(crowded).toBeLessThan(predict(cell, reading, sweepOf([], 3))!.limits.CPUs);
  });

  it('takes costs of both designs if the slot pool has room for a part of the pages', () => {
    const half = sweptCell('bounce-pages', 1, { percent: 50, pool: 8 * MIB });
    expect(bouncedShare(half)).toBe(0.5);
    const lock = (COSTS.bounce.locked + COSTS['bounce-pages'].locked) / 2 / PACKET + COSTS.bounce.bounceCopy / 2;
    expect(of(half).limits['TX lock']).toBeCloseTo(gbps(1 / lock), 6);
    const alone = { ...model, parameters: new Map([['bounce-pages', COSTS['bounce-pages']]]) };
    expect(predict(half, alone, result)).toBeNull();
  });

  it('returns null for a design that was not calibrated, and for a cell that sent nothing', () => {
    expect(predict(sweptCell('bounce', 1), { ...model, parameters: new Map() }, result)).toBeNull();
    const still = sweptCell('bounce', 0);
    expect(predict({ ...still, ledger: { ...still.ledger, bytes: 0, skbs: 0 } }, model, result)).toBeNull();
  });

  it('has no limit of memory if that was not measured', () => {
    expect(predict(sweptCell('bounce', 1), { ...model, memory: null }, result)!.limits.memory).toBe(Infinity);
  });
});

describe('bouncedShare', () => {
  it('is 1 for bounce, 0 for direct, and for bounce-pages the share of the payload without room for its pages', () => {
    const pages = (params: Partial<CellResult['params']>) => bouncedShare(sweptCell('bounce-pages', 1, params));
    expect(bouncedShare(sweptCell('bounce', 1))).toBe(1);
    expect(bouncedShare(sweptCell('direct', 1))).toBe(0);
    expect(pages({})).toBe(0);
    expect(pages({ percent: 0 })).toBe(1);
    expect(pages({ percent: 10, pool: 16 * MIB })).toBeCloseTo(0.8);
    const { percent: _percent, ...unasked } = sweptCell('bounce-pages', 1).params;
    expect(roomForPages({ ...sweptCell('bounce-pages', 1), params: unasked })).toBeCloseTo(0.9 * 64 * MIB);
  });
});

describe('transfers', () => {
  const moved = (design: 'direct' | 'bounce' | 'bounce-pages', cacheBytes: number, perByte = 3) => {
    const cells = CALIBRATION.filter(({ params }) => params.calibrates !== 'memory');
    const small = sweepOf([...cells, memoryCell(perByte)], 2, cacheBytes);
    return transfers(sweptCell(design, 1, { device: 'read' }), modelOf(small)!, small);
  };

  it('returns the counts of docs/model.md if no buffer fits the last-level cache', () => {
    expect(moved('bounce', MIB)).toBe(7);
    expect(moved('bounce-pages', MIB)).toBe(4);
    expect(moved('direct', MIB)).toBe(4);
    expect(moved('bounce', MIB, 2)).toBe(5);
    expect(moved('bounce-pages', MIB, 2)).toBe(3);
  });

  it('returns 0 if all buffers fit, and those of the slot pool if only that does not fit', () => {
    expect(moved('bounce', 1024 * MIB)).toBe(0);
    expect(moved('bounce-pages', 1024 * MIB)).toBe(0);
    expect(moved('bounce', 32 * MIB)).toBe(3);
    expect(moved('bounce-pages', 32 * MIB)).toBe(3);
    expect(moved('direct', 32 * MIB)).toBe(0);
  });
});
