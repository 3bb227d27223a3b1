// `npm run surface`: writes the shapes of what a program can import to test/fixtures/surface.txt, from the compiled
// declarations, and the JSON Schemas of files to schemas. test/surface.test.ts compares, so that a changed signature or
// field is seen where it is reviewed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FILE = 'test/fixtures/surface.txt';
const ENTRIES = {
  copytax: 'lib',
  'copytax/memory': 'lib/memory',
  'copytax/bench': 'lib/bench',
  'copytax/slots': 'lib/slots',
  'copytax/trace': 'lib/trace',
  'copytax/report': 'lib/report',
  'copytax/plots': 'lib/report/plots',
};
/** What an entry point has besides its folder: names that a file declares itself. */
const BESIDES = { 'copytax/bench': { file: 'benchmarks/bench-door.d.ts', names: ['scenarios'] } };
const EXPORTS = /\bexport (?:type )?\{([^}]*)\} from '(\.[^']+)'/g;
/** A file may export a name that it has imported. */
const SOURCES = /\b(?:export|import) (?:type )?\{([^}]*)\} from '(\.[^']+)'/g;

/** The declarations of a name, one after the other where a function has several, without comments and private parts. */
function declarationsOf(name, text) {
  const start = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:class|interface|type|const|let|function) ${name}\\b`,
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
    const { file, names: more } = BESIDES[entry] ?? { names: [] };
    const names = [...namesOf(index, read(index), EXPORTS).keys(), ...more].sort();
    const shapes = names.map((name) => shapesOf(name, more.includes(name) ? file : index));
    return `=== ${entry} ===\n\n${shapes.join('\n\n')}\n`;
  });
  const head = 'Written by `npm run surface`. A change here is a change of the interface: say so in CHANGELOG.md.';
  return `${head}\n\n${sections.join('\n')}`;
}

/** The JSON Schemas that a program can import, by the name of their file. */
export async function schemas(root) {
  const { doctorJsonSchema } = await import(join(root, 'dist/lib/bench/doctor/doctor-schema.js'));
  const { comparisonJsonSchema } = await import(join(root, 'dist/lib/bench/compare/comparison-schema.js'));
  const { fleetJsonSchema } = await import(join(root, 'dist/lib/bench/fleet/fleet-schema.js'));
  const { resultJsonSchema } = await import(join(root, 'dist/lib/bench/result/result.js'));
  const text = (schema) => `${JSON.stringify(schema, null, 1)}\n`;
  return Object.fromEntries(
    [resultJsonSchema(), doctorJsonSchema(), comparisonJsonSchema(), fleetJsonSchema()].map((schema) => [
      fileOf(schema.$id),
      text(schema),
    ]),
  );
}

/** A format that is not compatible has another number, and so another file. */
function fileOf(id) {
  const [, product, kind, version] = id.split(':');
  return `schemas/${product}.${kind}-${version}.schema.json`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  writeFileSync(join(root, FILE), surface(root));
  mkdirSync(join(root, 'schemas'), { recursive: true });
  for (const [file, text] of Object.entries(await schemas(root))) writeFileSync(join(root, file), text);
}
