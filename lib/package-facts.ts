/** The version and the folder of this package, from its own package.json. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = new URL('../../package.json', import.meta.url);

export const PACKAGE_FOLDER = fileURLToPath(new URL('.', file));

export const PACKAGE_VERSION = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
