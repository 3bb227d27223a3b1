import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PACKAGE_FOLDER, PACKAGE_VERSION } from '../lib/package-facts.js';

describe('the package', () => {
  it('knows its folder, which is that of the sources and not of what was built', () => {
    expect(JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'))).toMatchObject({
      ...{ name: 'copytax', version: PACKAGE_VERSION },
    });
  });
});
