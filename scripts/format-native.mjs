// Formats the C++ with one pinned clang-format, or with --check only looks. The formatter is fetched when asked for
// and is no dependency of the package: it holds binaries for eight platforms, and nobody who measures needs them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const CLANG_FORMAT = 'clang-format-node@3.0.7';

const files = readdirSync('native', { recursive: true })
  .filter((file) => /\.(cc|h)$/.test(file))
  .map((file) => join('native', file))
  .sort();
const npm = (...args) =>
  spawnSync('npm', ['exec', '--yes', `--package=${CLANG_FORMAT}`, '--', ...args], { encoding: 'utf8' });

if (npm('clang-format', '--version').status !== 0) {
  console.log(`SKIPPED: ${CLANG_FORMAT} cannot be fetched, so the format of ${files.length} C++ files is not known`);
} else if (files.length > 0) {
  const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
  const { status, stdout, stderr } = npm('clang-format', ...mode, ...files);
  process.stdout.write(stdout + stderr);
  console.log(`${files.length} C++ files ${status === 0 ? 'are formatted' : 'looked at: run `npm run format:native`'}`);
  process.exitCode = status === 0 ? 0 : 1;
}
