// The types of what result files hold, with the descriptions of their schemas as comments: a schema is the only place
// that says what a field is. Part of `npm run docs`, which writes them to lib/bench/types; test/bench/types compares
// them with what the schemas infer.
import { CORE_KEYS } from '../../dist/lib/bench/types/ledger-keys.js';
import { COLUMNS, comment } from './comment.mjs';
import * as settings from './settings.mjs';
import { defOf, FILES } from './table.mjs';

const FOLDER = 'lib/bench/types';

/** Where each type is declared, by what zod keeps of its schema. */
function declared() {
  const places = new Map();
  for (const [file, { types, imports = {} }] of Object.entries(FILES)) {
    for (const [name, [, schema]] of Object.entries(types)) places.set(defOf(schema()), { name, from: `./${file}.js` });
    for (const [name, [from, schema]] of Object.entries(imports)) places.set(defOf(schema()), { name, from });
  }
  return places;
}

const PLACES = declared();

/** The description of a field: its own, or that of what may be null or absent there. */
function descriptionOf(schema) {
  const { innerType } = defOf(schema);
  return schema.description ?? (innerType === undefined ? undefined : descriptionOf(innerType));
}

const inList = (type) => (type.includes(' | ') ? `(${type})[]` : `${type}[]`);
const unionOf = (types) => [...new Set(types)].join(' | ');

/** How zod's kinds of schemas are written as types. `seen` gets the names of types that are referred to. */
const WRITERS = {
  string: () => 'string',
  number: () => 'number',
  boolean: () => 'boolean',
  literal: ({ values }) => unionOf(values.map(quoted)),
  enum: ({ entries }) => unionOf(Object.values(entries).map(quoted)),
  nullable: ({ innerType }, seen) => unionOf([typeOf(innerType, seen), 'null']),
  default: ({ innerType }, seen) => typeOf(innerType, seen),
  optional: ({ innerType }, seen) => unionOf([typeOf(innerType, seen), 'undefined']),
  array: ({ element }, seen) => inList(typeOf(element, seen)),
  tuple: ({ items }, seen) => `[${items.map((item) => typeOf(item, seen)).join(', ')}]`,
  record: ({ keyType, valueType }, seen) => `Record<${typeOf(keyType, seen)}, ${typeOf(valueType, seen)}>`,
  object: ({ shape }, seen) => {
    if (Object.keys(shape).join() !== CORE_KEYS.join()) throw new Error(`a type has no name: ${Object.keys(shape)}`);
    seen.add({ name: 'CoreKey', from: './ledger-keys.js' });
    return `Record<CoreKey, ${typeOf(shape[CORE_KEYS[0]], seen)}>`;
  },
  union: ({ options }, seen) => unionOf(options.map((option) => typeOf(option, seen))),
};

const quoted = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

/** The type of a schema as TypeScript: its name, where it has one. */
function typeOf(schema, seen) {
  const def = defOf(schema);
  const place = PLACES.get(def);
  if (place !== undefined) {
    seen.add(place);
    return place.name;
  }
  return WRITERS[def.type](def, seen);
}

/** `head`, which ends before the type, with the type, or with a line for each of what it is a union of. */
function typeLines(head, type, indent) {
  const line = `${head} ${type};`;
  if (line.length <= COLUMNS) return [line];
  const lines = type.split(' | ').map((one) => `${indent}  | ${one}`);
  return [head, ...lines.slice(0, -1), `${lines.at(-1)};`];
}

/** `base`: the name of a type that has the other fields. */
function interfaceOf(name, { shape }, base, seen) {
  const { [base]: [, schemaOfBase] = [] } = FILES.result.types;
  const others = schemaOfBase === undefined ? {} : defOf(schemaOfBase()).shape;
  const fields = Object.entries(shape).filter(([field]) => !(field in others));
  const lines = fields.flatMap(([field, schema]) => {
    const description = descriptionOf(schema);
    if (description === undefined) throw new Error(`${name}.${field} has no description`);
    const mark = defOf(schema).type === 'optional' ? '?' : '';
    return [...comment(description, '  '), ...typeLines(`  ${field}${mark}:`, typeOf(schema, seen), '  ')];
  });
  return [`export interface ${name}${base === undefined ? '' : ` extends ${base}`} {`, ...lines, '}'];
}

function declaration(name, [text, schema, base], seen) {
  const def = defOf(schema());
  const head = comment(text, '');
  if (def.type === 'object') return [...head, ...interfaceOf(name, def, base, seen)];
  return [...head, ...typeLines(`export type ${name} =`, WRITERS[def.type](def, seen), '')];
}

function importsOf(file, seen) {
  const files = [...new Set([...seen].map(({ from }) => from))].filter((from) => from !== `./${file}.js`);
  const namesOf = (wanted) => [...new Set([...seen].filter(({ from }) => from === wanted).map(({ name }) => name))];
  return files.sort().map((from) => {
    const names = namesOf(from).sort();
    const line = `import type { ${names.join(', ')} } from '${from}';`;
    return line.length <= COLUMNS
      ? line
      : ['import type {', ...names.map((name) => `  ${name},`), `} from '${from}';`].join('\n');
  });
}

/** The files, by their paths. */
export function typeFiles() {
  return new Map([
    [settings.FILE, settings.settingsFile()],
    ...Object.entries(FILES).map(([file, { about, types }]) => {
      const seen = new Set();
      const declarations = Object.entries(types).map(([name, row]) => declaration(name, row, seen).join('\n'));
      const head = comment(`${about} Written by \`npm run docs\` from the schemas: change those.`, '');
      const parts = [[...head, ...importsOf(file, seen)].join('\n'), ...declarations];
      return [`${FOLDER}/${file}.ts`, `${parts.join('\n\n')}\n`];
    }),
  ]);
}
