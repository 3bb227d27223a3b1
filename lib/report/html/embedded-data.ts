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

/** Returns the list of files with their buttons, and the data. `roomBytes`: that they may take together. */
export function embeddedData(files: readonly DataFile[], roomBytes: number): Markup {
  const plain = files.map(({ document }) => scriptJson(document));
  const isPlain = plain.reduce((sum, text) => sum + sizeOf(text), 0) <= roomBytes;
  let left = roomBytes;
  const parts = files.map(({ name }, at) => {
    const data = isPlain ? plain[at]! : gzipSync(plain[at]!, { level: 9 }).toString('base64');
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
