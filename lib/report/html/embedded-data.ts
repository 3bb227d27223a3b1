/**
 * The documents of a page, in it: as JSON while there is room, then compressed, then in shorter forms, and named where
 * no form fits. What is left out is said beside each. Pure.
 */
import { gzipSync } from 'node:zlib';
import { html, Markup } from './markup.js';

/** A document with less in it, and what that is. */
export interface ShorterData {
  /** What its file is called after the name of the document. */
  readonly ending: string;
  readonly holds: string;
  readonly lacks: string;
  readonly document: unknown;
}

/** A document, and what its file is called. */
export interface DataFile {
  readonly name: string;
  readonly document: unknown;
  /** From the longest to the shortest. */
  readonly shorter?: readonly ShorterData[];
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

/** A form in which a document may stand in a page. */
interface Form {
  readonly file: string;
  readonly type: 'application/json' | 'application/gzip';
  readonly data: string;
  readonly bytes: number;
  /** What it holds and lacks; null: it is the whole. */
  readonly said: string | null;
}

/** Documents as they may stand in a page. */
export interface PackedData {
  readonly files: readonly { readonly name: string; readonly forms: readonly Form[] }[];
  /** Of all together, whole. */
  readonly bytes: number;
  /** Of all together in their shortest forms. */
  readonly leastBytes: number;
}

function plainForm(name: string, data: string): Form {
  return { file: `${name}.json`, type: 'application/json', data, bytes: Buffer.byteLength(data), said: null };
}

function packedForm(name: string, document: unknown, said: string | null): Form {
  const data = gzipSync(scriptJson(document), { level: 9 }).toString('base64');
  return { file: `${name}.json.gz`, type: 'application/gzip', data, bytes: data.length, said };
}

/** Returns the documents with their forms: as JSON only if that takes at most `plainBytes` of all together. */
export function packedData(documents: readonly DataFile[], plainBytes: number): PackedData {
  const plain = documents.map(({ name, document }) => plainForm(name, scriptJson(document)));
  const isPlain = plain.reduce((sum, { bytes }) => sum + bytes, 0) <= plainBytes;
  const files = documents.map(({ name, document, shorter = [] }, at) => {
    const whole = packedForm(name, document, null);
    const fewer = shorter.map((one) =>
      packedForm(`${name}${one.ending}`, one.document, `${one.holds}, without ${one.lacks}`),
    );
    return { name, forms: [...(isPlain ? [plain[at]!] : []), whole, ...fewer] };
  });
  const sum = (of: number) => files.reduce((bytes, { forms }) => bytes + forms.at(of)!.bytes, 0);
  return { files, bytes: sum(0), leastBytes: sum(-1) };
}

/**
 * Returns the form of each document; null: none fits. First as many documents as possible have some form, then each
 * has the next longer one before any has a still longer one: samples of all hosts are worth more than pulses of one.
 */
function chosenForms({ files }: PackedData, roomBytes: number): (Form | null)[] {
  const chosen: (Form | null)[] = files.map(() => null);
  let left = roomBytes;
  const take = (at: number, form: Form) => {
    const more = form.bytes - (chosen[at]?.bytes ?? 0);
    if (more > left) return;
    left -= more;
    chosen[at] = form;
  };
  const shortest = files.map(({ forms }, at) => ({ at, form: forms.at(-1)! }));
  for (const { at, form } of shortest.sort((a, b) => a.form.bytes - b.form.bytes)) take(at, form);
  const mostForms = Math.max(0, ...files.map(({ forms }) => forms.length));
  for (let step = 2; step <= mostForms; step++) {
    for (const [at, { forms }] of files.entries()) {
      const form = forms.at(-step);
      if (form !== undefined && chosen[at] !== null) take(at, form);
    }
  }
  return chosen;
}

const LESS = `A page is small enough for mail, so that not all of them are in it whole: what is left out is said beside
each. All of it is in the files from which this page was made, and a page of fewer files has room for more of each.`;

/** Returns the list of files with their buttons, and the data. `roomBytes`: that they may take together. */
export function embeddedData(packed: PackedData, roomBytes: number): Markup {
  const chosen = chosenForms(packed, roomBytes);
  const parts = chosen.map((form, at) => {
    if (form === null) return html`<li>${packed.files[at]!.name}: not in this page, see the file itself</li>`;
    const { file, type, data, bytes, said } = form;
    // Neither JSON with its brackets escaped nor base64 has a letter that could end the element.
    return html`<li>${file} (${bytes} bytes)${said !== null && `: ${said}`}
<span class="tools" hidden><button type="button" class="save" data-of="data-${at}" data-file="${file}"
>Save ${file}</button></span>
<script type="${type}" id="data-${at}">${new Markup(data)}</script></li>
`;
  });
  const isWhole = chosen.every((form) => form !== null && form.said === null);
  return html`<p>Everything above is from these documents. ${isWhole ? 'They are in this page.' : LESS}
Saving needs JavaScript.</p>
<ul>${parts}</ul>`;
}
