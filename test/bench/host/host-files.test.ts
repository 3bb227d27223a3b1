import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/host/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';

describe('HostFiles', () => {
  const root = hostTree({
    'proc/a': '  one\ntwo \n',
    'proc/empty': '',
    'sys/cpu10': '',
    'sys/cpu9': '',
    'sys/cpu1': '',
  });
  const files = () => new HostFiles(root);

  it('reads texts without what surrounds them, and nothing where nothing is', () => {
    expect([files().text('/proc/a'), files().text('/proc/empty'), files().text('/proc/b')]).toEqual([
      ...['one\ntwo', '', null],
    ]);
    expect(files().text('/sys')).toBeNull(); // a folder
  });

  it('lists names as people count', () => {
    expect(files().entries('/sys')).toEqual(['cpu1', 'cpu9', 'cpu10']);
    expect([files().entries('/none'), files().entries('/proc/a')]).toEqual([[], []]);
  });

  it('records nothing where it is only asked to look', () => {
    const looked = files();
    looked.text('/none');
    looked.entries('/none');
    expect(looked.missing).toEqual([]);
  });

  it('has a fact of a file, as its text is understood', () => {
    const found = files();
    expect(found.fact('lines', '/proc/a', (text) => text.split('\n').length)).toBe(2);
    expect(found.fact('nothing', '/proc/empty', (text) => text.length)).toBe(0); // which is not null
    expect(found.missing).toEqual([]);
  });

  it.each([
    ['/proc/none', '/proc/none is not there on this host'],
    ['/proc/a/below', '/proc/a/below is not there on this host'],
    ['/folder', '/folder cannot be read (EISDIR)'],
    ['/proc/empty', '/proc/empty does not say'],
  ])('says why it has no fact of %s', (path, reason) => {
    mkdirSync(join(root, 'folder'), { recursive: true });
    const silent = files();
    expect(silent.fact('it', path, (text) => (text === '' ? null : text))).toBeNull();
    expect(silent.missing).toEqual([{ fact: 'it', reason }]);
  });

  it('keeps the first reason for a fact', () => {
    const silent = files();
    expect([silent.miss('it', 'first'), silent.miss('it', 'second'), silent.miss('other', 'third')]).toEqual([
      ...[null, null, null],
    ]);
    expect(silent.missing).toEqual([
      { fact: 'it', reason: 'first' },
      { fact: 'other', reason: 'third' },
    ]);
  });
});
