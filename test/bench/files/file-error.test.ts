import { describe, expect, it } from '@jest/globals';
import { fileError } from '../../../lib/bench/files/file-error.js';

const remedyFor = (verb: string, code: string) =>
  fileError('a.json', verb, Object.assign(new Error(), { code })).remedy;

describe('fileError', () => {
  it.each([
    ['write', 'ENOSPC', /free some space/],
    ['write', 'EFBIG', /ulimit -f/],
    ['write', 'ENAMETOOLONG', /shorter name/],
    ['write', 'ENOENT', /make its folder/],
    ['write', 'ENXIO', /start what reads from it/],
    ['write', 'EROFS', /read-only/],
    ['write', 'EACCES', /permissions/],
    ['read', 'ENOENT', /spelling/],
    ['read', 'EACCES', /permissions/],
    ['read', 'ERR_ACCESS_DENIED', /--allow-fs-read/],
  ])('has a remedy that fits the cause where it cannot %s (%s)', (verb, code, remedy) => {
    expect(remedyFor(verb, code)).toMatch(remedy);
  });
});
