// Writes what the package ships of its JavaScript: few files instead of hundreds, because Node takes most of the time
// of an import to find and read each; and, in them, what is used of libraries. docs/design/0012-runtime-dependencies.md
// has the reasons. npm calls it through pack.mjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import { partition } from './parts.mjs';

/** Files that are started by their name, besides doors and threads. The image of deploy/ starts the second one. */
const STARTED = ['lib/cli/main.js', 'benchmarks/shared/native-program.js'];
const BESIDE = /new URL\('(\.[^']*)', import\.meta\.url\)/g;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The doors, from package.json: a file below dist for each name. */
export function doors(root) {
  const targets = Object.entries(readJson(join(root, 'package.json')).exports);
  const code = targets.filter(([, target]) => target.default !== undefined);
  return Object.fromEntries(code.map(([name, target]) => [name.slice(2) || 'model', relative('dist', target.default)]));
}

/** Threads start with a file of their own, and data is found from the file that reads it: both by `new URL`. */
function filesBeside(dist, started) {
  return {
    name: 'files-beside',
    transform(code, id) {
      return code.replaceAll(BESIDE, (_, path) => {
        const file = relative(dist, join(dirname(id), path));
        if (file.startsWith('..')) return `new URL('${file}', import.meta.DIST)`;
        started.add(file);
        const reference = this.emitFile({ type: 'chunk', id: join(dist, file), fileName: file });
        return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
      });
    },
    resolveImportMeta(property, { chunkId }) {
      const up = '../'.repeat(chunkId.split('/').length - 1);
      return property === 'DIST' ? `new URL('${up}', import.meta.url)` : null;
    },
  };
}

/**
 * Comments and spaces take half of the time that Node needs to compile a file. Names stay, because stacks show them,
 * and lines stay short, because Node prints the one that an error came from. Letters beyond ASCII are escaped: a file
 * of ASCII only is not decoded, and takes half the memory.
 */
const compact = {
  name: 'compact',
  async renderChunk(code, { name }) {
    const sizes = name === 'plots' ? { minify: true } : { minifyWhitespace: true, minifySyntax: true, lineLimit: 120 };
    const { text, define } = withoutBuiltinImports(code);
    const settings = { legalComments: 'none', target: 'node20', define, ...sizes };
    return { code: (await transform(text, settings)).code, map: null };
  },
};

/** Modules that Node itself has loaded before any program. */
const LOADED = ['buffer', 'events', 'fs', 'path', 'url', 'util'];

/**
 * Replaces imports of Node's own modules, because an import reads every export, of which some of `node:fs` load
 * streams. What Node has loaded anyway is read once, as an import would: a program that replaces functions of `node:fs`
 * later, as tests do, does not replace ours. Others are objects that load one at the first use of a name of it: most
 * are never used by a program that imports a door, and crypto and threads take longer than all that is ours. Returns
 * the text, and what esbuild is to write for each name where no scope has it.
 */
export function withoutBuiltinImports(code) {
  const define = {};
  const text = code.replace(/^import (?:(.*) from )?['"]node:([\w/]+)['"];$/gm, (_, given, module) => {
    const names = namesOf(given ?? '{}');
    const whole = `process.getBuiltinModule('node:${module}')`;
    const readOf = (exported) => (exported === 'default' ? whole : `${whole}.${exported}`);
    if (LOADED.includes(module)) {
      return names.map(([exported, local]) => `const ${local} = ${readOf(exported)};`).join(' ');
    }
    const builtin = `node_${module.replace('/', '_')}`;
    const getters = names.map(([exported, local]) => {
      if (local in define) throw new Error(`two modules of Node are imported as ${local}`);
      define[local] = `${builtin}.${local}`;
      return `get ${local}() { return ${readOf(exported)}; }`;
    });
    return getters.length === 0 ? '' : `const ${builtin} = { ${getters.join(', ')} };`;
  });
  return { text, define };
}

/** Returns exported and local names of what stands between `import` and `from`. */
function namesOf(names) {
  const [, whole, braced = ''] = /^(\w+)?[, ]*(?:\{(.*)\})?$/.exec(names);
  const each = braced.split(',').map((name) => name.trim().split(' as '));
  const named = each.flatMap(([from, to = from]) => (from === '' ? [] : [[from, to]]));
  return whole === undefined ? named : [['default', whole], ...named];
}

/** Texts that the licence of a package asks to be kept. */
function licenceOf(root, name) {
  const folder = join(root, 'node_modules', name);
  const { version, license, homepage } = readJson(join(folder, 'package.json'));
  const files = readdirSync(folder, { recursive: true }).filter((file) =>
    /^(licenses\/)?(licen[cs]e|(copyright)?notice)([.-]|$)/i.test(file),
  );
  if (!files.some((file) => /^licen/i.test(file))) throw new Error(`${name} has no file with its licence`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version}, ${license}, ${homepage ?? ''}`, ...texts].join('\n\n');
}

function packageOf(id) {
  const [scope, name] = id.slice(id.lastIndexOf(`node_modules${sep}`) + 'node_modules/'.length).split(sep);
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/**
 * Bundles `root`/dist into the folder `out`. Packages of `dependencies` stay outside; others that are imported are
 * bundled. Returns the files, and the licences of what is in them.
 */
export async function bundle(root, out) {
  const dist = join(root, 'dist');
  const { dependencies, peerDependencies } = readJson(join(root, 'package.json'));
  const outside = Object.keys({ ...dependencies, ...peerDependencies });
  const started = new Set([...Object.values(doors(root)), ...STARTED]);
  let partOf;
  const made = await rollup({
    input: Object.fromEntries([...started].map((file) => [file.replace(/\.js$/, ''), join(dist, file)])),
    external: (id) => id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [nodeResolve({ exportConditions: ['node'] }), filesBeside(dist, started), compact],
    onwarn(warning) {
      // The compiler's helper for `using` asks for a `this` that modules do not have, and does without.
      if (warning.code !== 'THIS_IS_UNDEFINED') throw new Error(warning.message);
    },
  });
  const { output } = await made.write({
    dir: out,
    entryFileNames: '[name].js',
    chunkFileNames: 'lib/parts/[name].js',
    manualChunks: (id, graph) => {
      partOf ??= partition(dist, doors(root), graph);
      return started.has(relative(dist, id)) ? undefined : partOf(id);
    },
    onlyExplicitManualChunks: true,
    hoistTransitiveImports: false,
  });
  const modules = output.flatMap(({ modules: inside }) => Object.keys(inside ?? {}));
  const foreign = modules.filter((id) => id.includes(`${sep}node_modules${sep}`) && existsSync(id));
  const names = [...new Set(foreign.map(packageOf))].sort();
  return { output, licences: names.map((name) => licenceOf(root, name)) };
}
