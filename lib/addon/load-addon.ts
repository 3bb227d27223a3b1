/**
 * Finds the file of the native addon and loads it. Nothing is looked for at import. The order:
 * 1. the file that COPYTAX_ADDON names, for programs that are bundled;
 * 2. build/Release/copytax.node, which a checkout or `npx copytax build` has compiled on this host;
 * 3. prebuilds/linux-<arch>/copytax.node, which came with the package, for glibc and musl (docs/design/0011).
 * The first that is there is loaded. If it does not load, that is an error: the next one is never tried in silence.
 */
import { existsSync, readdirSync } from 'node:fs';
import Module from 'node:module';
import { isAbsolute, join } from 'node:path';
import { CopytaxError, type ErrorCode, remedyFor } from '../errors.js';
import { packageFolder } from '../package-facts.js';
import { elfProblem } from './elf-file.js';

/** Where to look and for what; a test replaces parts of it. */
export interface AddonPlace {
  /** Of the package; empty where the code has been bundled. */
  readonly folder: string;
  /** The value of COPYTAX_ADDON, if it is set. */
  readonly named: string | undefined;
  readonly platform: string;
  readonly arch: string;
}

export function thisPlace(): AddonPlace {
  return {
    folder: packageFolder(),
    named: process.env.COPYTAX_ADDON || undefined,
    platform: process.platform,
    arch: process.arch,
  };
}

function failure(code: ErrorCode, what: string, details: Record<string, unknown>, cause?: unknown): CopytaxError {
  const remedy = typeof details.remedy === 'string' ? details.remedy : remedyFor(code);
  return new CopytaxError(code, `${what}: ${remedy}`, details, cause);
}

/** The platforms that the package has a binary for, each as `linux-x64`. */
function packed(folder: string): string[] {
  const prebuilds = join(folder, 'prebuilds');
  if (!existsSync(prebuilds)) return [];
  const platforms = readdirSync(prebuilds, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = platforms.map(({ name }) => name);
  return names.filter((name) => existsSync(join(prebuilds, name, 'copytax.node'))).sort();
}

/**
 * Returns the absolute path of the file to load. Throws ERR_ADDON_NOT_BUILT, and ERR_ADDON_BUNDLED where the package's
 * folder is not known and COPYTAX_ADDON is not set.
 */
export function findAddon({ folder, named, platform, arch }: AddonPlace): string {
  if (named !== undefined) {
    if (isAbsolute(named) && existsSync(named)) return named;
    const why = isAbsolute(named) ? 'which is not there' : 'which is not an absolute path';
    const remedy = 'correct COPYTAX_ADDON, or unset it';
    throw failure('ERR_ADDON_NOT_BUILT', `COPYTAX_ADDON names ${named}, ${why}`, { file: named, remedy });
  }
  if (folder === '') {
    const what = 'the native addon is not beside this code, which has been bundled into a program';
    throw failure('ERR_ADDON_BUNDLED', what, {});
  }
  const built = join(folder, 'build', 'Release', 'copytax.node');
  if (existsSync(built)) return built;
  const prebuilt = join(folder, 'prebuilds', `${platform}-${arch}`, 'copytax.node');
  if (existsSync(prebuilt)) return prebuilt;
  const platforms = packed(folder);
  const has = platforms.length === 0 ? 'the package has no binaries' : `the package has ${platforms.join(', ')}`;
  const wanted = `no native addon for ${platform}-${arch} in ${folder}`;
  const what = `${wanted}: neither ${built} nor ${prebuilt}; ${has}`;
  throw failure('ERR_ADDON_NOT_BUILT', what, { folder, files: [built, prebuilt], platforms });
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

/**
 * Loads the addon into the calling thread; once loaded, the same again. Throws what `findAddon` throws,
 * ERR_ADDON_DISABLED where this Node loads no addons, and ERR_ADDON_DAMAGED where the file does not load.
 */
export function loadAddon(place: AddonPlace = thisPlace()): unknown {
  const file = findAddon(place);
  try {
    const problem = elfProblem(file, place.arch);
    if (problem !== null) throw new Error(problem);
    // Not the import of that name, which webpack replaces by a loader of its own.
    return Module.createRequire(file)(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    if (codeOf(cause) === 'ERR_DLOPEN_DISABLED') {
      throw failure('ERR_ADDON_DISABLED', `this Node does not load ${file} (${reason})`, { file }, cause);
    }
    throw failure('ERR_ADDON_DAMAGED', `${file} does not load (${reason})`, { file }, cause);
  }
}

const STATES: Readonly<Record<string, string>> = {
  ERR_ADDON_NOT_BUILT: 'not built',
  ERR_ADDON_DAMAGED: 'damaged',
  ERR_ADDON_DISABLED: 'disabled',
  ERR_ADDON_BUNDLED: 'not beside this code, which is bundled',
};

/** Completes "the addon is ..." where `error` is why it was not loaded; null for any other error. */
export function addonStateOf(error: unknown): string | null {
  return STATES[String(codeOf(error))] ?? null;
}
