import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { linksOf } from './links.js';
import { isPacked, type Manifest, repositoryPage } from './packed.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const under = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);

/** Targets of the links of a document, as paths from the top. */
function targetsOf(document: string): string[] {
  const paths = linksOf(read(document)).map(({ target }) => target.split('#')[0]!);
  const others = paths.filter((path) => path !== '');
  return others.map((path) => posix.normalize(posix.join(posix.dirname(document), path)));
}

/** What a reader of the package has to find in it: the rest may be looked up in the repository. */
const FOR_USERS = /^(docs|examples|schemas)\/|\.(svg|png)$|^(CHANGELOG\.md|LICENSE)$/;

describe('the documents in the tarball', () => {
  const packed = ['README.md', 'CHANGELOG.md', ...under('docs'), ...under('examples')];

  it('are all of docs and of examples', () => {
    expect(packed.length).toBeGreaterThan(60);
    expect(packed.filter((file) => !isPacked(file, manifest))).toEqual([]);
  });

  it.each(packed)('include %s, whose pictures and links for users are in the tarball, too', (document) => {
    const wanted = targetsOf(document).filter((path) => FOR_USERS.test(path));
    expect(wanted.filter((path) => !isPacked(path.replace(/\/$/, ''), manifest))).toEqual([]);
  });

  it('have links to other files, which a registry leads into the repository', () => {
    const others = targetsOf('README.md').filter((path) => !isPacked(path, manifest));
    expect(others).toContain('CONTRIBUTING.md');
    expect(repositoryPage(manifest)).toMatch(/^https:/);
  });

  it('name the repository in package.json alone, so that it can move', () => {
    const page = repositoryPage(manifest)!;
    expect(packed.filter((document) => read(document).includes(page))).toEqual([]);
  });
});

describe('isPacked', () => {
  const files = { ...manifest, files: ['docs', 'native', '!native/test'] };

  it('is true of files in folders that are named, and of those that npm always packs', () => {
    expect(['docs/design/README.md', 'native/a.cc', 'README.md'].filter((path) => !isPacked(path, files))).toEqual([]);
  });

  it('is false of other files, and of those that are left out by name', () => {
    expect(['docsy/a.md', 'native/test/a.cc', 'CONTRIBUTING.md'].filter((path) => isPacked(path, files))).toEqual([]);
  });
});

describe('repositoryPage', () => {
  it('is null where the fields of package.json name different places', () => {
    expect(repositoryPage({ ...manifest, bugs: 'https://github.com/other/other/issues' })).toBeNull();
    expect(repositoryPage({ ...manifest, repository: { type: 'git', url: 'copytax' } })).toBeNull();
  });
});
