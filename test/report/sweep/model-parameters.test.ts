import { describe, expect, it } from '@jest/globals';
import { isCalibration, modelOf } from '../../../lib/report/sweep/model-parameters.js';
import { CALIBRATION, COSTS, calibrationCell, memoryCell, sweepOf, sweptCell } from '../fixtures/sweep.js';

const rounded = (values: object) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value === null ? null : Number((value as number).toPrecision(9)),
    ]),
  );

describe('modelOf', () => {
  it('divides the time of calibration cells into the costs that it was made of', () => {
    const model = modelOf(sweepOf(CALIBRATION))!;
    expect([...model.parameters.keys()]).toEqual(['direct', 'bounce', 'bounce-pages']);
    for (const [design, cost] of model.parameters) {
      expect(rounded(cost)).toEqual(COSTS[design as keyof typeof COSTS]);
    }
    expect(model).toMatchObject({ senders: 2, messages: [2048, 32768], memory: { cpus: 2, copied: 10, transfers: 3 } });
  });

  it('takes no cost from a cell that it predicts', () => {
    const alone = modelOf(sweepOf(CALIBRATION));
    const wild = [sweptCell('bounce', 1e6), sweptCell('bounce-pages', 1e-6)];
    expect(modelOf(sweepOf([...wild, ...CALIBRATION]))).toEqual(alone);
  });

  it('has the cost of a device that reads', () => {
    const [small, large] = [calibrationCell('direct', 2048, 40_000), calibrationCell('direct', 32768, 60_000)];
    const reads = { ...large, ledger: { ...large.ledger, deviceReadBytes: 1000, deviceReadNs: 40 } };
    expect(modelOf(sweepOf([small, reads]))!.parameters.get('direct')!.deviceRead).toBe(0.04);
  });

  it('sets a negative cost of calls or packets to 0, and gives all of the remainder to the other', () => {
    const costly = (message: number, ns: number) => {
      const made = calibrationCell('direct', message, message === 2048 ? 40_000 : 60_000);
      return { ...made, ledger: { ...made.ledger, busyNs: made.ledger.busyNs! + ns } };
    };
    const of = (small: number, large: number) =>
      modelOf(sweepOf([costly(2048, small), costly(32768, large)]))!.parameters.get('direct')!;
    const packets = of(0, 1e9);
    expect(packets.call).toBe(0);
    expect(packets.elsewhere).toBeCloseTo((1e9 + 500e3 + (40 * 60e6) / 32768) / 1000, 3);
    const calls = of(1e9, 0);
    expect(calls.elsewhere).toBe(0);
    expect(calls.call).toBeGreaterThan(1e4);
  });

  it('leaves out a design that sent nothing, and returns null without any', () => {
    const still = (message: number) => calibrationCell('bounce', message, 60_000, 0);
    const others = CALIBRATION.filter(({ params }) => params.calibrates !== 'bounce');
    const model = modelOf(sweepOf([...others, still(2048), still(32768)]))!;
    expect([...model.parameters.keys()]).toEqual(['direct', 'bounce-pages']);
    expect(modelOf(sweepOf([still(2048), still(32768), memoryCell()]))).toBeNull();
    expect(modelOf(sweepOf([sweptCell('bounce', 100)]))).toBeNull();
  });

  it('has no memory bandwidth if that was not measured', () => {
    expect(modelOf(sweepOf(CALIBRATION.filter(({ params }) => params.calibrates !== 'memory')))!.memory).toBeNull();
  });
});

describe('isCalibration', () => {
  it('is true for calibration cells, and false for swept ones', () => {
    expect(CALIBRATION.every(isCalibration)).toBe(true);
    expect(isCalibration(sweptCell('bounce', 1))).toBe(false);
  });
});
