// `npm run surface`: writes the shapes of what a program can import to test/fixtures/surface.txt, from the compiled
// declarations. test/surface.test.ts compares, so that a changed signature is seen where it is reviewed.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FILE = 'test/fixtures/surface.txt';
const ENTRIES = {
  copytax: 'lib',
  'copytax/bench': 'lib/bench',
  'copytax/trace': 'lib/trace',
  'copytax/report': 'lib/report',
};
const EXPORTS = /\bexport (?:type )?\{([^}]*)\} from '(\.[^']+)'/g;
/** A file may export a name that it has imported. */
const SOURCES = /\b(?:export|import) (?:type )?\{([^}]*)\} from '(\.[^']+)'/g;

/** The declarations of a name, one after the other where a function has several, without comments and private parts. */
function declarationsOf(name, text) {
  const start = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:class|interface|type|const|function) ${name}\\b`,
    'gm',
  );
  return [...text.matchAll(start)].map(({ index }) => shape(text.slice(index, index + lengthOf(text.slice(index)))));
}

/** Up to the brace that closes a class or interface, or the semicolon that ends anything else. */
function lengthOf(text) {
  const isBlock = /^export (?:declare )?(?:abstract )?(?:class|interface)\b/.test(text);
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('{(['.includes(text[at])) depth++;
    if ('})]'.includes(text[at])) depth--;
    if (depth === 0 && text[at] === (isBlock ? '}' : ';')) return at + 1;
  }
  return text.length;
}

function shape(declaration) {
  const lines = declaration.replace(/^export (?:declare )?/, '').split('\n');
  const shown = lines.filter((line) => !/^\s*(#private;|private .*)?$/.test(line));
  return shown
    .map((line) => line.trimEnd().replace(/^( {4})+/, (indent) => indent.slice(indent.length / 2)))
    .join('\n');
}

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** The names that a file takes from other files by `pattern`: from name to that file, and the name there. */
function namesOf(file, text, pattern) {
  const named = [...text.matchAll(pattern)].flatMap(([, items, from]) => {
    const target = join(dirname(file), from).replace(/\.js$/, '.d.ts');
    return items.split(',').map((item) => {
      const [original, name = original] = item
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      return [name, { target, original }];
    });
  });
  return new Map(named.filter(([name]) => name !== ''));
}

/** The text of the file: a section for each entry point of the package, with its names in alphabetical order. */
export function surface(root) {
  const read = (file) => withoutComments(readFileSync(join(root, 'dist', file), 'utf8'));
  const shapesOf = (name, file) => {
    const text = read(file);
    const shapes = declarationsOf(name, text);
    if (shapes.length > 0) return shapes.join('\n');
    const found = namesOf(file, text, SOURCES).get(name);
    if (found === undefined) throw new Error(`${file} declares no ${name}`);
    return found.original === name ? shapesOf(name, found.target) : `${name} is another name of ${found.original}`;
  };
  const sections = Object.entries(ENTRIES).map(([entry, folder]) => {
    const index = `${folder}/index.d.ts`;
    const names = [...namesOf(index, read(index), EXPORTS).keys()].sort();
    return `=== ${entry} ===\n\n${names.map((name) => shapesOf(name, index)).join('\n\n')}\n`;
  });
  const head = 'Written by `npm run surface`. A change here is a change of the interface: say so in CHANGELOG.md.';
  return `${head}\n\n${sections.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  writeFileSync(join(root, FILE), surface(root));
}
