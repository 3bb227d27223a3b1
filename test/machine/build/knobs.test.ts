import { describe, expect, it } from '@jest/globals';
import { DESIGN_OPTIONS } from '../../../lib/designs/design.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import * as groups from '../../../lib/machine/build/design-knobs.js';
import { type Knob, requireKnob } from '../../../lib/machine/build/knob.js';
import { KNOBS } from '../../../lib/machine/build/knobs.js';

/** Every row by its name, such as `slotPool.bytes`. */
const rows: [name: string, knob: Knob][] = Object.entries(KNOBS).flatMap(([name, entry]) =>
  'help' in entry
    ? [[name, entry] as [string, Knob]]
    : Object.entries(entry as Record<string, Knob>).map(([key, knob]): [string, Knob] => [`${name}.${key}`, knob]),
);

describe('KNOBS', () => {
  it.each(rows)('has words for %s that fit into a report and into help', (_, { label, help }) => {
    expect(label.length).toBeLessThan(25);
    expect(help).toMatch(/^[^.]+[^.]$|\.md/);
    expect(help.length).toBeLessThan(160);
  });

  it.each(rows)('has a default for %s that the row itself allows', (name, knob) => {
    if (typeof knob.default !== 'function') requireKnob(name, knob, knob.default);
  });

  it('has a row for every value of a configuration, and no other', () => {
    const config = machineConfig({ cpus: { copyKernel: 0 } });
    const names = Object.entries(config).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null ? Object.keys(value).map((key) => `${name}.${key}`) : [name],
    );
    expect(names).toEqual(rows.map(([name]) => name));
  });

  it('has the groups that designs may name as options, which are those of `design-knobs.ts`', () => {
    expect(new Set(DESIGN_OPTIONS.map((name) => KNOBS[name]))).toEqual(new Set(Object.values(groups)));
  });

  it.each(rows)('names the unit of %s where its name ends in one', (name, knob) => {
    const units = { Bytes: 'bytes', Ns: 'ns', Ms: 'ms', BitsPerSecond: 'bit/s', Percent: 'percent', Share: 'share' };
    const [, unit] = Object.entries(units).find(([suffix]) => name.endsWith(suffix)) ?? [];
    expect('unit' in knob ? knob.unit : undefined).toBe(name === 'slotPool.bytes' ? 'bytes' : unit);
  });
});
