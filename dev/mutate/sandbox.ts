/**
 * A copy of what was built, in which errors are planted: the repository itself is never touched. Everything but the
 * build is a link to the repository. Owner: one thread, which has to close it.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { type Plant, planted } from './plant.js';

const BUILD = 'dist';

/** The module that a source file is compiled to, from the root of the repository. */
const moduleOf = (file: string) => join(BUILD, file.replace(/\.ts$/, '.js'));

export class Sandbox {
  /** The copy of the repository. */
  readonly folder: string;
  readonly #root: string;

  /** `root`: the repository, built. */
  constructor(root: string) {
    this.#root = root;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'copytax-mutate-')));
    for (const name of readdirSync(root)) {
      if (name !== BUILD && name !== '.git') symlinkSync(join(root, name), join(this.folder, name));
    }
    cpSync(join(root, BUILD), join(this.folder, BUILD), { recursive: true });
  }

  /** Plants an error. Returns what takes it out again; null if the plant is stale, and then nothing is changed. */
  plant(plant: Plant): (() => void) | null {
    const source = planted(readFileSync(join(this.#root, plant.file), 'utf8'), plant);
    if (source === null) return null;
    const { code } = transformSync(source, { loader: 'ts', target: 'node20', sourcefile: plant.file });
    const path = join(this.folder, moduleOf(plant.file));
    const sound = readFileSync(path);
    const write = (content: string | Buffer) => {
      unlinkSync(path); // never through a link
      writeFileSync(path, content);
    };
    write(code);
    return () => write(sound);
  }

  /** Removes the copy. Idempotent. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
