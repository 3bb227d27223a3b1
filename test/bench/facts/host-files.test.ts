import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';

describe('HostFiles', () => {
  const root = hostTree({
    'proc/a': '  one\ntwo \n',
    'proc/empty': '',
    'proc/nul': '\0 0-3\n\0',
    'sys/cpu10': '',
    'sys/cpu9': '',
    'sys/cpu1': '',
  });
  const files = () => new HostFiles(root);

  it('reads texts without surrounding white space and NUL, and null if there is no file', () => {
    expect(files().text('/proc/nul')).toBe('0-3');
    expect(files().fact('list', '/proc/nul', (text) => text)).toBe('0-3');
    expect(files().text('/proc/a')).toBe('one\ntwo');
    expect(files().text('/proc/empty')).toBe('');
    expect(files().text('/proc/b')).toBeNull();
    expect(files().text('/sys')).toBeNull(); // a folder
  });

  it('reads bytes and links, and null if there is none', () => {
    symlinkSync('../proc/a', join(root, 'sys/link'));
    const read = files();
    expect([read.bytes('/proc/nul')?.[0], read.bytes('/proc/b')]).toEqual([0, null]);
    expect([read.link('/sys/link'), read.link('/proc/a')]).toEqual(['../proc/a', null]);
    expect(read.missing).toEqual([]);
  });

  it('lists names in natural order', () => {
    expect(files().entries('/sys')).toEqual(['cpu1', 'cpu9', 'cpu10', 'link']);
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

  it('returns the reason why a file does not say what was looked for', () => {
    expect(files().reason('/proc/a')).toBe('/proc/a does not say');
    expect(files().reason('/proc/none')).toBe('/proc/none is not there on this host');
  });

  it('returns the reason why a folder does not tell it, and whether it is there at all', () => {
    const hidden = join(root, 'sys/hidden');
    symlinkSync(hidden, hidden);
    expect(files().folderReason('/sys')).toBe('nothing in /sys says it');
    expect(files().folderReason('/none')).toBe('/none is not there on this host');
    expect(files().folderReason('/sys/hidden')).toBe('/sys/hidden is a link that leads nowhere');
    expect(['/none', '/proc/a/below', '/sys', '/sys/hidden'].map((path) => files().isAbsent(path))).toEqual([
      true,
      true,
      false,
      false,
    ]);
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
