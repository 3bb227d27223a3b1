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

  it('reads texts without surrounding white space, and null if there is no file', () => {
    expect(files().text('/proc/a')).toBe('one\ntwo');
    expect(files().text('/proc/empty')).toBe('');
    expect(files().text('/proc/b')).toBeNull();
    expect(files().text('/sys')).toBeNull(); // a folder
  });

  it('lists names in natural order', () => {
    expect(files().entries('/sys')).toEqual(['cpu1', 'cpu9', 'cpu10']);
    for (const path of ['/none', '/proc/a']) expect(files().entries(path)).toEqual([]);
  });

  it('records nothing when it only looks for a file', () => {
    const looked = files();
    looked.text('/none');
    looked.entries('/none');
    expect(looked.missing).toEqual([]);
  });

  it('returns a fact that it parses from a file', () => {
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
  ])('records why there is no fact in %s', (path, reason) => {
    mkdirSync(join(root, 'folder'), { recursive: true });
    const silent = files();
    expect(silent.fact('it', path, (text) => (text === '' ? null : text))).toBeNull();
    expect(silent.missing).toEqual([{ fact: 'it', reason }]);
  });

  it('keeps the first reason for a missing fact', () => {
    const silent = files();
    expect(silent.miss('it', 'first')).toBeNull();
    expect(silent.miss('it', 'second')).toBeNull();
    expect(silent.miss('other', 'third')).toBeNull();
    expect(silent.missing).toEqual([
      { fact: 'it', reason: 'first' },
      { fact: 'other', reason: 'third' },
    ]);
  });
});
