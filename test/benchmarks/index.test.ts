import { describe, expect, it, jest } from '@jest/globals';
import { SCENARIOS } from '../../benchmarks/index.js';
import { hostFacts } from '../../lib/bench/host/host-facts.js';
import type { Scenario } from '../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../lib/bench/plan/settings.js';
import { Region } from '../../lib/memory/region.js';

const names = (wanted: (entry: (typeof SCENARIOS)[number]) => boolean) =>
  SCENARIOS.filter(wanted).map(({ name }) => name);

describe('the list of scenarios', () => {
  it('says which scenarios run by default, which only on request, and which measure the transmit designs', () => {
    expect(names(({ onRequest }) => !onRequest)).toEqual(['tx-designs', 'design-prices', 'copy-cost', 'control-cost']);
    expect(names(({ onRequest }) => onRequest === 'in quick runs')).toEqual(['kernel-send']);
    // A new scenario on request needs no line here; one that every run should have does.
    expect(names(({ onRequest }) => onRequest === true)).toEqual(
      expect.arrayContaining(['slot-pool', 'growth-lookup', 'free-dispatch', 'softirq-share', 'pool-exhaustion']),
    );
    expect(names(({ measuresDesigns }) => measuresDesigns === true)).toEqual(['tx-designs']);
    expect(names(({ measuresDesigns }) => measuresDesigns === 'at one shape')).toEqual(['design-prices']);
  });

  it('leaves two thirds of the time of a usual run to the usual designs', async () => {
    const settings = defaultSettings('quick', [0, 1], 1, SCENARIOS);
    const made: Scenario[] = [];
    for (const { name, load } of SCENARIOS) {
      if (settings.scenarios.includes(name)) made.push(await (await load())(settings, { host: hostFacts() }));
    }
    const weights = made.map(({ weight }) => weight);
    expect(made[0]!.cells.map(({ params }) => params.design)).toEqual(['direct', 'bounce', 'bounce-pages']);
    expect(weights[0]! / weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(2 / 3);
  });

  it.each(SCENARIOS)(
    'makes a scenario that is called $name, with a question, cells, and ratios of them',
    async (entry) => {
      const make = await entry.load();
      const scenario = await make(defaultSettings('quick', [0, 1], 1, SCENARIOS), { host: hostFacts() });
      const { name, question, cells, ratios, tables, weight } = scenario;
      expect({ name, isQuestion: question.endsWith('?') }).toEqual({ name: entry.name, isQuestion: true });
      const ids = cells.map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id.startsWith(`${name}/`)).toBe(true);
      for (const { of, to } of ratios) expect(ids).toEqual(expect.arrayContaining([of, to]));
      expect(tables.length).toBeGreaterThan(0);
      expect(weight).toBeGreaterThan(0);
      for (const by of tables.flatMap((table) => (table.kind === 'pairs' ? [table.by] : []))) {
        for (const { params } of cells) expect(params).toHaveProperty(by);
      }
    },
  );

  it.each(SCENARIOS)('makes a scenario $name that closes all memory that it opens', async (entry) => {
    const [create, attach] = [jest.spyOn(Region, 'create'), jest.spyOn(Region, 'attach')];
    const close = jest.spyOn(Region.prototype, 'close');
    try {
      const make = await entry.load();
      const scenario = await make(defaultSettings('quick', [0, 1], 1, SCENARIOS), { host: hostFacts() });
      await scenario.open?.();
      const opened = [create, attach].flatMap(({ mock }) => mock.results.map(({ value }) => value as Region));
      await scenario.close?.();
      const closed = new Set(close.mock.contexts);
      expect(opened.filter((region) => !closed.has(region))).toEqual([]);
    } finally {
      create.mockRestore();
      attach.mockRestore();
      close.mockRestore();
    }
  });
});
