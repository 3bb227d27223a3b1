/** What a JSON document is that is not the one a reader wants: its name in words, and what to do about it. Pure. */

export interface DocumentKind {
  /** With its article. */
  readonly what: string;
  /** One clause, as those of error codes are. */
  readonly remedy: string;
  /** The field that tells. */
  readonly path: string;
}

type Json = Readonly<Record<string, unknown>>;

const BENCH = 'name a file that `copytax bench --json` wrote';

/** Documents of this package that are no results, by the first part of their schema. */
const OTHERS: Readonly<Record<string, Omit<DocumentKind, 'path'>>> = {
  'copytax.doctor': { what: 'an examination of `copytax doctor`', remedy: BENCH },
  'copytax.repeatability': {
    what: 'a series of `npm run repeatability`',
    remedy: `${BENCH}: it keeps results of single runs with --keep`,
  },
  'copytax.variance': { what: 'an experiment of `npm run variance`', remedy: BENCH },
};

const LONGEST = 60;

/** A value on one line, of which there may be megabytes. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function ofSchema(schema: unknown, wanted: string): DocumentKind {
  const path = 'schema';
  const [, family, version] = /^(.+)\/(\d+)$/.exec(typeof schema === 'string' ? schema : '') ?? [];
  const [wantedFamily, newest] = wanted.split('/');
  if (family === wantedFamily && Number(version) > Number(newest)) {
    const what = `a document of a newer version of copytax, ${shown(schema)}`;
    return { what, remedy: 'update copytax to the version that wrote it, or a later one', path };
  }
  const known = family === undefined || !Object.hasOwn(OTHERS, family) ? undefined : OTHERS[family];
  return known === undefined
    ? { what: `of the schema ${shown(schema)}, which this version does not know`, remedy: BENCH, path }
    : { ...known, path };
}

function ofFields(value: Json): string {
  if ('name' in value && 'version' in value && ('dependencies' in value || 'scripts' in value || 'exports' in value)) {
    return 'a package.json';
  }
  if ('lockfileVersion' in value) return 'a package-lock.json';
  if ('$schema' in value && 'properties' in value) return 'a JSON Schema, and no document of it';
  return Object.keys(value).length === 0 ? 'an empty object' : 'an object without a field `schema`';
}

/** Returns what a value is that has not the schema `wanted`, such as `copytax.result/3`. */
export function documentKind(value: unknown, wanted: string): DocumentKind {
  const kind = { remedy: BENCH, path: 'the document' };
  if (Array.isArray(value)) return { ...kind, what: 'a list' };
  if (typeof value !== 'object' || value === null) return { ...kind, what: `the value ${shown(value)}` };
  return 'schema' in value ? ofSchema(value.schema, wanted) : { ...kind, what: ofFields(value as Json) };
}
