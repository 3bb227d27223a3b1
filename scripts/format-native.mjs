// Formats the C++ with one pinned clang-format, or only checks it, with --check. The formatter is fetched when needed
// and is no dependency of the package: it holds binaries for eight platforms, which no measurement needs.
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
  console.log(`SKIPPED: ${CLANG_FORMAT} cannot be fetched, so the format of ${files.length} C++ files was not checked`);
} else if (files.length > 0) {
  const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
  const { status, stdout, stderr } = npm('clang-format', ...mode, ...files);
  process.stdout.write(stdout + stderr);
  console.log(
    status === 0
      ? `${files.length} C++ files are formatted`
      : `some of ${files.length} C++ files are not formatted: run \`npm run format:native\``,
  );
  process.exitCode = status === 0 ? 0 : 1;
}
