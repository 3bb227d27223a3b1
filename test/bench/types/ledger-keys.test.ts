import { describe, expect, it } from '@jest/globals';
import { LEDGER, LEDGER_UNITS, type Ledger, ledgerUnit } from '../../../lib/bench/types/ledger-keys.js';

describe('the list of ledger keys', () => {
  it('has a unit and a text for every key', () => {
    for (const [key, { unit, help }] of Object.entries(LEDGER)) {
      expect({ key, isUnit: LEDGER_UNITS.includes(unit), hasHelp: help.length > 5 }).toEqual({
        key,
        isUnit: true,
        hasHelp: true,
      });
    }
  });

  it('has keys whose endings agree with their units', () => {
    const units = { Bytes: 'bytes', Ns: 'ns', Share: 'share' };
    let checked = 0;
    for (const [ending, unit] of Object.entries(units)) {
      for (const [key, facts] of Object.entries(LEDGER).filter(([name]) => name.endsWith(ending))) {
        expect({ key, unit: facts.unit }).toEqual({ key, unit });
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('keeps the keys that result files hold', () => {
    // A key that is published is never renamed: results would no longer be read.
    expect(Object.keys(LEDGER)).toEqual(
      expect.arrayContaining(['gbps', 'skbs', 'userNs', 'coresUser', 'controlNsPerSkb', 'turnovers', 'proof']),
    );
  });

  it('makes a misspelt key an error of the compiler', () => {
    const ledger: Ledger = { gbps: 1, area12WaitNs: 3, 'own:retries': 4 };
    // @ts-expect-error there is no such key to write
    const misspelt: Ledger = { gpbs: 1 };
    // @ts-expect-error there is no such key to read
    expect(ledger.userBytess).toBeUndefined();
    expect(Object.keys(misspelt)).toEqual(['gpbs']);
  });
});

describe('ledgerUnit', () => {
  it('knows listed keys and those of areas, and nothing of what only a scenario knows', () => {
    expect(ledgerUnit('userBytes')).toBe('bytes');
    expect(ledgerUnit('area0Waits')).toBe('count');
    expect(ledgerUnit('area10WaitNs')).toBe('ns');
    expect(ledgerUnit('own:retries')).toBeNull();
  });
});
