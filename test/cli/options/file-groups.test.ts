import { describe, expect, it } from '@jest/globals';
import { baseFirst, fileGroups, withGroupMarks } from '../../../lib/cli/options/file-groups.js';

const groupsOf = (line: string, names?: string) => fileGroups(withGroupMarks(line.split(' ').filter(Boolean)), names);
const namesOf = (line: string) => groupsOf(line).map(({ name }) => name);

describe('groups of files', () => {
  it('are single files without --, and what stands between -- with it', () => {
    expect(groupsOf('a.json b.json').map(({ files }) => files)).toEqual([['a.json'], ['b.json']]);
    expect(groupsOf('a.json b.json -- c.json -- d.json').map(({ files }) => files)).toEqual([
      ['a.json', 'b.json'],
      ['c.json'],
      ['d.json'],
    ]);
  });

  it.each([
    ['a.json dir/b.json.gz', ['a', 'b']],
    ['before/a.json before/b.json -- after/a.json after/b.json', ['before', 'after']],
    ['q01.json q02.json -- q11.json q12.json', ['q0*', 'q1*']],
    ['x/run.json y/run.json', ['x/run', 'y/run']],
    ['x/a.json x/b.json -- x/c.json x/d.json', ['x/*', 'x/*'].map((name, at) => `${name} (${at + 1})`)],
    ['a.json a.json', ['a (1)', 'a (2)']],
    ['.json b.json', ['.json', 'b']],
    ['../a.json ../b.json -- c.json', ['*', 'c']],
  ])('of %j are named %j', (line, names) => {
    expect(namesOf(line)).toEqual(names);
  });

  it('have the names that are given for them, one for each', () => {
    expect(groupsOf('a.json b.json', 'old, new').map(({ name }) => name)).toEqual(['old', 'new']);
    expect(() => groupsOf('a.json b.json', 'old')).toThrow('--name has 1 names for 2 groups');
    expect(() => groupsOf('a.json b.json', 'old,old')).toThrow('--name names old twice');
  });

  it.each([
    ['', 'no files: name two or more results'],
    ['a.json', 'a.json alone: name two or more results'],
    ['a.json --', 'a group without files'],
    ['-- a.json', 'a group without files'],
    ['a.json -- -- b.json', 'a group without files'],
  ])('are refused of %j', (line, message) => {
    expect(() => groupsOf(line)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(() => groupsOf(line)).toThrow(message);
  });

  it('begin with the base, which is named by its name or its number', () => {
    const groups = groupsOf('a.json b.json 1.json');
    const firstOf = (base?: string) => baseFirst(groups, base).map(({ name }) => name);
    expect(firstOf()).toEqual(['a', 'b', '1']);
    expect(firstOf('a')).toEqual(['a', 'b', '1']);
    expect(firstOf('b')).toEqual(['b', 'a', '1']);
    expect(firstOf('2')).toEqual(['b', 'a', '1']);
    expect(firstOf('1')).toEqual(['1', 'a', 'b']);
    for (const base of ['0', '4', 'c'])
      expect(() => firstOf(base)).toThrow(`--base '${base}' is no group: choose 1 (a)`);
  });
});
