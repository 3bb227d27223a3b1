/**
 * Schemas that are made at their first use. zod takes longer to load than the rest of a door of this package, and a
 * program that reads no file needs none of it.
 */
import { createRequire } from 'node:module';
import type { z } from 'zod';

export type Zod = typeof z;

let loaded: Zod | undefined;

/** Returns zod, which is loaded at the first call. */
export function zod(): Zod {
  loaded ??= (createRequire(import.meta.url)('zod') as { z: Zod }).z;
  return loaded;
}

/** Returns a function that makes a schema at its first call, and returns that one at each. */
export function later<Schema>(make: (z: Zod) => Schema): () => Schema {
  let made: { readonly schema: Schema } | undefined;
  return () => {
    made ??= { schema: make(zod()) };
    return made.schema;
  };
}
