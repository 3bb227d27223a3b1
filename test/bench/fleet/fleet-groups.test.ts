import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { groupsOf, type Outlier } from '../../../lib/bench/fleet/fleet-groups.js';
import { scratchFolder } from '../../scratch.js';
import { collect, writeSmallFleet } from './fixtures/small-fleet.js';

function change(path: string, edit: (document: { machine: Record<string, unknown>; [key: string]: unknown }) => void) {
  const document = JSON.parse(readFileSync(path, 'utf8'));
  edit(document);
  writeFileSync(path, JSON.stringify(document));
}

describe('the groups of a fleet', () => {
  it('are of one fingerprint each, the largest first, and none is of hosts that are not identified', () => {
    const fleet = collect(writeSmallFleet(scratchFolder(), 8, { fingerprints: ['1-b', '1-a', null, '1-a'] }));
    const { groups, unidentified } = groupsOf(fleet);
    expect(groups.map(({ fingerprint, runs }) => [fingerprint, runs.length])).toEqual([
      ['1-a', 4],
      ['1-b', 2],
    ]);
    expect(unidentified).toHaveLength(2);
    for (const { reason } of unidentified) expect(reason.length).toBeGreaterThan(5);
  });

  it('say why a host is not identified where its file does', () => {
    const [path] = writeSmallFleet(scratchFolder(), 1, { fingerprints: [null] });
    change(path!, ({ machine }) => {
      machine.missing = [{ fact: 'fingerprint', reason: 'cpu.model is not known' }];
    });
    expect(groupsOf(collect([path!])).unidentified[0]!.reason).toBe('cpu.model is not known');
  });

  it('name a host that is 20 % slower than those like it, with the numbers it is slow in and what is unlike', () => {
    const paths = writeSmallFleet(scratchFolder(), 24, { slower: new Map([[5, 1.25]]) });
    change(paths[5]!, ({ machine, ...document }) => {
      (machine.cpu as Record<string, unknown>).microcode = '0x7';
      (document.warnings as unknown[]).push({ code: 'THROTTLED', seen: 'a', why: 'b', remedy: 'c' });
    });
    const [group] = groupsOf(collect(paths)).groups;
    expect(group!.outliers.map(({ run }) => run.source)).toEqual([paths[5]]);
    const [{ slower, deviations, numbers, causes }] = group!.outliers as [Outlier];
    expect(slower).toBeGreaterThan(1.2);
    expect(slower).toBeLessThan(1.3);
    expect(deviations.length).toBeGreaterThan(numbers / 2);
    expect(Math.abs(deviations[0]!.score)).toBeGreaterThanOrEqual(Math.abs(deviations.at(-1)!.score));
    expect(causes).toEqual(['microcode: 0x7, of most 0x1000065', 'warnings THROTTLED']);
    expect(group!.farthest!.run.source).toBe(paths[5]);
  });

  it('tell how slow a host is from the one in the middle, which it does not move itself', () => {
    const paths = writeSmallFleet(scratchFolder(), 24, { slower: new Map([[5, 25]]) });
    const [{ slower }] = groupsOf(collect(paths)).groups[0]!.outliers as [Outlier];
    expect(slower).toBeGreaterThan(20);
  });

  it('have nothing usual where just half of the runs have it', () => {
    const paths = writeSmallFleet(scratchFolder(), 6);
    const microcode = (path: string, revision: string) =>
      change(path, ({ machine }) => {
        (machine.cpu as Record<string, unknown>).microcode = revision;
      });
    for (const [at, path] of paths.entries()) microcode(path, at < 3 ? '0x7' : '0x8');
    expect(groupsOf(collect(paths)).groups[0]!.farthest!.causes).toEqual([]);
  });

  it('name no run among those that vary alike, and still the one that is farthest out', () => {
    const [group] = groupsOf(collect(writeSmallFleet(scratchFolder(), 20))).groups;
    expect(group!.outliers).toEqual([]);
    expect(group!.farthest!.score).toBeGreaterThan(0);
    expect(groupsOf(collect(writeSmallFleet(scratchFolder(), 2))).groups[0]!.farthest).toBeNull();
  });
});
