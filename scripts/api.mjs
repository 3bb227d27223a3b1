// The API reference: pages in docs/api, one for each door of the package, from the comments and signatures of the
// compiled declarations. Part of `npm run docs`, which writes them.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const FOLDER = 'docs/api';
const COLUMNS = 118;
const KINDS = 'class|interface|type|const|let|function';

/** The text with comments as blanks, so that braces and semicolons in them do not count. */
const masked = (text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '));

/** The files that the doors are, by their names: `{ copytax: 'dist/lib/index.d.ts' }`. */
export function doorsOf(root) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  return Object.fromEntries(doors.map(([name, { types }]) => [`copytax${name.slice(1)}`, types.slice(2)]));
}

/** The text of a comment, with its lines joined; a blank line or a tag begins a paragraph. */
function prose(comment) {
  const lines = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim());
  const text = lines.join('\n').trim();
  return text
    .replace(/\s*\n?\s*(?=@(?:throws|param|returns|deprecated)\b)/g, '\n\n')
    .replace(/([^\n])\n(?!\n)/g, '$1 ');
}

/** What the first sentences of a comment say: without tags, in one line. */
const summary = (comment) => (comment === null ? '' : prose(comment).split('\n\n')[0].trim());

/** The comment that ends right before `at`, or null. */
function commentBefore(text, at) {
  return /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, at))?.[0].trim() ?? null;
}

/** The index behind the declaration or member that begins at `at`. */
function endOf(mask, at, isBlock) {
  let depth = 0;
  for (let end = at; end < mask.length; end++) {
    if ('{(['.includes(mask[end])) depth++;
    if ('})]'.includes(mask[end])) depth--;
    if (depth < 0) return end;
    if (depth === 0 && mask[end] === (isBlock ? '}' : ';')) return end + 1;
  }
  return mask.length;
}

const oneLine = (code) =>
  masked(code)
    .replace(/\s+/g, ' ')
    .replace(/\breadonly |\bstatic readonly /g, (word) => (word.startsWith('static') ? 'static ' : ''))
    .replace(/;$/, '')
    .trim();

/** The public members of a class, interface or type literal, with their comments. */
function membersOf(text) {
  const mask = masked(text);
  const members = [];
  let at = mask.indexOf('{') + 1;
  for (;;) {
    const begin = at + mask.slice(at).search(/\S/);
    if (begin < at || mask[begin] === '}') return members;
    at = endOf(mask, begin, false);
    const code = oneLine(text.slice(begin, at));
    if (!/^(#private|private |protected )/.test(code)) members.push({ code, comment: commentBefore(text, begin) });
  }
}

/** The declarations of `name` in a file, or in the file that it takes them from. */
function declarationsOf(read, file, name) {
  const text = read(file);
  const start = new RegExp(`^export (?:declare )?(?:abstract )?(${KINDS}) ${name.replaceAll('$', '\\$')}\\b`, 'gm');
  const mask = masked(text);
  const found = [...mask.matchAll(start)].map(({ index, 1: kind }) => {
    const end = endOf(mask, index, kind === 'class' || kind === 'interface');
    return { kind, code: text.slice(index, end), comment: commentBefore(text, index) };
  });
  if (found.length > 0) return found;
  for (const [from, target] of sourcesOf(file, text)) {
    if (from.name !== name) continue;
    const declared = declarationsOf(read, target, from.original);
    return declared.map((one) => ({ ...one, comment: one.comment ?? from.comment }));
  }
  throw new Error(`${file} declares no ${name}`);
}

/** The names that a file takes from others: `[{ name, original, comment }, file]`. */
function sourcesOf(file, text) {
  const statements = [...text.matchAll(/\b(?:export|import) (?:type )?\{([^}]*)\} from '(\.[^']+)'/g)];
  return statements.flatMap(([, items, from]) => {
    const target = join(dirname(file), from).replace(/\.js$/, '.d.ts');
    const named = masked(items)
      .split(',')
      .filter((item) => item.trim() !== '');
    return named.map((item) => {
      const [original, name = original] = item
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      return [{ name, original, comment: null }, target];
    });
  });
}

/** The names that a door exports. */
function exportsOf(read, file) {
  const text = read(file);
  const mask = masked(text);
  const own = [...mask.matchAll(new RegExp(`^export declare (?:${KINDS}) (\\w+)`, 'gm'))].map(([, name]) => name);
  const listed = [...mask.matchAll(/\bexport (?:type )?\{([^}]*)\} from/g)].flatMap(([, items]) =>
    items.split(',').flatMap(
      (item) =>
        item
          .trim()
          .replace(/^type /, '')
          .split(' as ')
          .at(-1) || [],
    ),
  );
  const all = [...mask.matchAll(/^export \* from '(\.[^']+)'/gm)].map(([, from]) =>
    join(dirname(file), from).replace(/\.js$/, '.d.ts'),
  );
  const here = [...own, ...listed].map((name) => ({ name, file }));
  return [...here, ...all.flatMap((target) => exportsOf(read, target))];
}

/** Wraps text; lines after the first begin with `indent`. */
function wrapped(text, indent = '') {
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > COLUMNS) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

const code = (text) => `\`${text.replaceAll('`', "'")}\``;

function section(name, declarations) {
  const [{ kind, comment }] = declarations;
  const said = comment ?? declarations.find((one) => one.comment !== null)?.comment ?? null;
  const lines = [`### ${name}`, ''];
  if (said !== null)
    lines.push(
      ...prose(said)
        .split('\n\n')
        .map((part) => `${wrapped(part.trim())}\n`),
    );
  if (kind === 'class' || kind === 'interface') {
    for (const member of membersOf(declarations[0].code)) {
      const about = summary(member.comment);
      lines.push(wrapped(`* ${code(member.code)}${about === '' ? '' : `: ${about}`}`, '  '));
    }
  } else {
    for (const one of declarations) lines.push(wrapped(code(oneLine(one.code).replace(/^export (declare )?/, ''))));
  }
  return lines.join('\n').trimEnd();
}

/** The pages of the reference, by their paths. */
export function apiPages(root) {
  const texts = new Map();
  const read = (file) => {
    if (!texts.has(file)) texts.set(file, readFileSync(join(root, file), 'utf8'));
    return texts.get(file);
  };
  const pages = Object.entries(doorsOf(root)).map(([door, file]) => {
    const names = exportsOf(read, file).sort((a, b) => (a.name < b.name ? -1 : 1));
    const head = prose(/\/\*\*[\s\S]*?\*\//.exec(read(file))?.[0] ?? '');
    const sections = names.map(({ name, file: at }) => section(name, declarationsOf(read, at, name)));
    const page = `# ${door}\n\n${wrapped(head)}\n\n${sections.join('\n\n')}\n`;
    return [`${FOLDER}/${basename(door)}.md`, page, door, head];
  });
  const list = pages.map(([path, , door, head]) =>
    wrapped(`* [${door}](${basename(path)}): ${head.split('\n')[0]}`, '  '),
  );
  const index = `# API reference\n\nWritten by \`npm run docs\` from the declarations: one page for each door.\n\n`;
  return new Map([
    [`${FOLDER}/README.md`, `${index}${list.join('\n')}\n`],
    ...pages.map(([path, page]) => [path, page]),
  ]);
}
