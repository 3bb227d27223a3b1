/**
 * Bundles a program that uses copytax, with each bundler and for both module systems, and runs it:
 * `node try.mjs FOLDER`, where FOLDER has copytax in its node_modules. Marked external, copytax has to work. Bundled,
 * and without its files beside it, it has to say what to do, and to work where COPYTAX_ADDON names the addon.
 * Ends with one line, `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import webpack from 'webpack';

const folder = resolve(process.argv[2]);
const installed = join(folder, 'node_modules', 'copytax');
const entry = join(folder, 'entry.mjs');
const PROGRAM = `import { Region } from 'copytax';
try {
  Region.create({ bytes: 4096, lock: 'no' }).close();
  console.log('works');
} catch ({ code, message }) {
  console.log(code, message);
}
`;

/** Each writes the bundle of the program. `format`: esm or cjs; `external`: whether copytax stays outside. */
const BUNDLERS = {
  esbuild: (outfile, format, external) =>
    esbuild.build({
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format,
      outfile,
      external: external ? ['copytax'] : [],
      logLevel: 'error',
    }),
  rolldown: async (file, format, external) => {
    const outside = external ? ['copytax'] : [];
    const bundle = await rolldown({ input: entry, platform: 'node', external: outside, onLog() {} });
    await bundle.write({ file, format, codeSplitting: false });
    await bundle.close();
  },
  webpack: (file, format, external) =>
    new Promise((done, failed) => {
      const isModule = format === 'esm';
      const configuration = {
        entry,
        mode: 'production',
        target: 'node20',
        output: { path: folder, filename: file.slice(folder.length + 1), module: isModule, chunkFormat: 'commonjs' },
        optimization: { minimize: false },
        externals: external ? { copytax: isModule ? 'module copytax' : 'commonjs copytax' } : {},
      };
      if (isModule) Object.assign(configuration, { experiments: { outputModule: true } });
      if (isModule) configuration.output.chunkFormat = 'module';
      webpack(configuration, (error, stats) => {
        if (error) failed(error);
        else if (stats.hasErrors()) failed(new Error(stats.toString({ all: false, errors: true })));
        else done();
      });
    }),
};

let passed = 0;
let failed = 0;

function run(what, file, expected, env = {}) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const isRight = expected.test(stdout);
  if (isRight) passed++;
  else failed++;
  console.log(`${isRight ? 'passed' : 'FAILED'}: ${what}: ${stdout.trim() || stderr.trim().slice(0, 2000)}`);
}

/** An addon that this host has, wherever it came from. */
function addonOf(package_) {
  const built = join(package_, 'build/Release/copytax.node');
  if (existsSync(built)) return built;
  return join(package_, 'prebuilds', `linux-${process.arch}`, 'copytax.node');
}

writeFileSync(entry, PROGRAM);
const addon = join(folder, 'copied.node');
cpSync(addonOf(installed), addon);
const WORKS = /^works\n$/;
const TELLS = /^ERR_ADDON_BUNDLED .*mark copytax as external in the bundler, or name the file .* in COPYTAX_ADDON\n$/;

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  for (const format of ['esm', 'cjs']) {
    const fileOf = (kind) => join(folder, `${name}-${kind}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    for (const kind of ['external', 'bundled']) await bundle(fileOf(kind), format, kind === 'external');
    run(`${name}, ${format}, marked external`, fileOf('external'), WORKS);
    renameSync(installed, `${installed}.away`);
    run(`${name}, ${format}, bundled`, fileOf('bundled'), TELLS);
    run(`${name}, ${format}, bundled, with COPYTAX_ADDON`, fileOf('bundled'), WORKS, { COPYTAX_ADDON: addon });
    renameSync(`${installed}.away`, installed);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
