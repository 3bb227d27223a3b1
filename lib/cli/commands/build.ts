/** `copytax build`: compiles the addon of this package on this host. Works without the addon. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../../package-facts.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';

/**
 * Returns the exit code. The builder, which needs nothing of dist, says on stdout what it built, and on stderr what is
 * missing. `folder`: of the package.
 */
export function buildCommand(folder: string = packageFolder()): number {
  const builder = join(folder, 'scripts', 'build-native.cjs');
  return spawnSync(process.execPath, [builder], { stdio: 'inherit' }).status === 0 ? EXIT_FINE : EXIT_FAILED;
}
