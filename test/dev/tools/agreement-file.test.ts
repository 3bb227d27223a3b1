import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAgreement, readAgreement, writeAgreement } from '../../../dev/tools/agreement-file.js';
import { agreementData } from './fixtures/agreement-data.js';

describe('The file of a comparison with other tools', () => {
  it('is read as it was written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copytax-agreement-'));
    try {
      const path = join(folder, 'tools.json');
      writeAgreement(path, agreementData());
      expect(readAgreement(path)).toEqual(agreementData());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['another document', { schema: 'copytax.result/3' }, /tools.json does not have the schema copytax.tool-agreement/],
    ['no object', 7, /the document/],
    ['a rate that is none', { ...agreementData(), rates: { a: [0] } }, /rates\.a\.0/],
  ])('is refused if it is %s', (_what, value, said) => {
    expect(() => parseAgreement(value, 'tools.json')).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', message: expect.stringMatching(said) }),
    );
  });
});
