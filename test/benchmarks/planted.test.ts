/** A scenario that nothing else knows: from its line in the list to its table in a report that is read from a file. */
import { describe, expect, it } from '@jest/globals';
import type { Cell, Scenario, ScenarioEntry, ScenarioFactory } from '../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../lib/bench/plan/settings.js';
import { parseResult } from '../../lib/bench/result/result.js';
import { runScenarios } from '../../lib/bench/run/runner.js';
import type { LedgerKey } from '../../lib/bench/types/ledger-keys.js';
import { textReport } from '../../lib/report/text.js';
import { FakeClock, QUIET_READING, scriptedRecorder } from '../bench/fixtures/scripted.js';

const RETRIES: LedgerKey = 'own:retries';

const cellOf = (colour: string, ns: number): Cell => ({
  id: `planted/${colour}`,
  params: { colour, width: 4096 },
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  sample: async () => ({ value: ns, durationMs: 1, ledger: { [RETRIES]: 3, gbps: 12.5 } }),
});

const planted: ScenarioFactory = async (settings): Promise<Scenario> => ({
  name: 'planted',
  question: `which colour is faster on ${settings.cpus.length} CPUs?`,
  cells: [cellOf('red', 100), cellOf('blue', 200)],
  ratios: [{ id: 'planted/blue:red', of: 'planted/blue', to: 'planted/red' }],
  tables: [
    {
      kind: 'columns',
      columns: [
        { head: 'colour', param: 'colour' },
        { head: 'width', param: 'width', unit: 'bytes' },
        { head: 'time, ns', value: 'median' },
        { head: 'Gbit/s', ledger: 'gbps' },
        { head: 'retries', ledger: RETRIES },
      ],
      legend: ['retries: how often the colour was tried again'],
    },
    { kind: 'ratios' },
  ],
  weight: 1,
});

const ENTRIES: readonly ScenarioEntry[] = [{ name: 'planted', load: async () => planted }];

describe('a scenario that is known only to its folder and the list', () => {
  it('runs by default, and has its tables in a report that is made from the file alone', async () => {
    const clock = new FakeClock();
    const settings = defaultSettings('quick', [0, 1], 42, ENTRIES);
    expect(settings.scenarios).toEqual(['planted']);
    const recorder = scriptedRecorder(clock, { scenarios: settings.scenarios, rounds: 8 });
    const [entry] = ENTRIES;
    const scenario = await (await entry!.load())(settings, { host: recorder.host });
    const { signal } = new AbortController();
    await runScenarios([scenario], recorder, { signal, now: clock.now, readHost: () => QUIET_READING });

    const file = JSON.stringify(recorder.document({ complete: true, interrupted: false }));
    const report = textReport(parseResult(JSON.parse(file), 'planted.json'));
    expect(report).toContain(
      [
        'planted: which colour is faster on 2 CPUs?',
        '  8 rounds in 0 s after 4 discarded warm-up rounds',
        '',
        '  colour  width        time, ns  Gbit/s  retries',
        '  red     4 KiB  100 [100, 100]    12.5     3.00',
        '  blue    4 KiB  200 [200, 200]    12.5     3.00',
        '',
        '  retries: how often the colour was tried again',
        '',
        '  ratio                median',
        '  blue:red  2.00 [2.00, 2.00]',
      ].join('\n'),
    );
  });
});
