/** The documents of a page, in it: as JSON while there is room, then compressed, and named where neither fits. Pure. */
import { gzipSync } from 'node:zlib';
import { html, Markup } from './markup.js';

/** A document, and what its file is called. */
export interface DataFile {
  readonly name: string;
  readonly document: unknown;
}

/** Returns JSON that no reader of HTML takes for the end of a script, or for the begin of a comment. */
export function scriptJson(document: unknown): string {
  return JSON.stringify(document)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

const sizeOf = (text: string) => Buffer.byteLength(text);

/** Documents as they stand in a page. */
export interface PackedData {
  readonly files: readonly { readonly name: string; readonly data: string }[];
  readonly isPlain: boolean;
  /** Of all together. */
  readonly bytes: number;
}

/** Returns the documents as JSON if that takes at most `mostBytes`, or compressed. */
export function packedData(documents: readonly DataFile[], mostBytes: number): PackedData {
  const plain = documents.map(({ name, document }) => ({ name, data: scriptJson(document) }));
  const sum = (files: PackedData['files']) => files.reduce((bytes, { data }) => bytes + sizeOf(data), 0);
  const bytes = sum(plain);
  if (bytes <= mostBytes) return { files: plain, isPlain: true, bytes };
  const files = plain.map(({ name, data }) => ({ name, data: gzipSync(data, { level: 9 }).toString('base64') }));
  return { files, isPlain: false, bytes: sum(files) };
}

/** Returns the list of files with their buttons, and the data. `roomBytes`: that they may take together. */
export function embeddedData({ files, isPlain }: PackedData, roomBytes: number): Markup {
  let left = roomBytes;
  const parts = files.map(({ name, data }, at) => {
    const [type, file] = isPlain ? ['application/json', `${name}.json`] : ['application/gzip', `${name}.json.gz`];
    if (sizeOf(data) > left) return html`<li>${name}: too large for a page, see the file itself</li>`;
    left -= sizeOf(data);
    // Neither JSON with its brackets escaped nor base64 has a letter that could end the element.
    return html`<li>${file} (${sizeOf(data)} bytes)
<span class="tools" hidden><button type="button" class="save" data-of="data-${at}" data-file="${file}"
>Save ${file}</button></span>
<script type="${type}" id="data-${at}">${new Markup(data)}</script></li>
`;
  });
  return html`<ul>${parts}</ul>`;
}
