/** What the JSON Schemas that are files of this package have in common. */
import type { z } from 'zod';
import { zod } from '../../schemas.js';

type JsonSchema = Record<string, unknown>;

/** How a program finds the schema and a reader knows what it is of. `version`: what `schema` of a document says. */
export interface SchemaHead {
  readonly version: string;
  readonly title: string;
  readonly description: string;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** Returns `copytax.result/3` as the URN of its schema. */
function idOf(version: string): string {
  return `urn:${version.replaceAll(/[./]/g, ':')}`;
}

/**
 * Returns what a written document looks like, in which values with a default always are. A later version of the package
 * may write more than this one knows, and readers leave that out, so no object is closed.
 */
export function writtenForm(schema: z.ZodType): JsonSchema {
  const { $schema: _draft, ...form } = zod().toJSONSchema(schema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return form;
}

/** Returns a JSON Schema of draft 2020-12 with `form` as its content. */
export function publishedSchema({ version, title, description }: SchemaHead, form: JsonSchema): JsonSchema {
  return { $schema: DRAFT, $id: idOf(version), title, description, ...form };
}
