/**
 * `npm run mutate`: plants errors in a copy of what was built, one after the other, and prints which of them a test
 * noticed. Its exit code tells whether one survived. `--out` keeps the findings for docs/mutations.md,
 * after each plant, beside those of earlier runs of other plants.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { usageError } from '../../lib/cli/options/usage.js';
import { Interrupt } from '../../lib/cli/terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import { requireWritable } from '../files/json-file.js';
import { endingOf, findingsText, joined, readFigures, writeFigures } from '../mutate/figures.js';
import { type Finding, mutationRun } from '../mutate/mutation-run.js';
import type { Plant } from '../mutate/plant.js';
import { PLANTS } from '../mutate/plants/plants.js';

export interface MutateOptions {
  readonly only?: string;
  readonly out?: string;
  readonly list?: boolean;
}

/** The repository: this file is compiled to dist/dev/commands. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The plants with this text in their name, kind or file. @throws ERR_USAGE if there is none */
export function chosen(only: string | undefined, plants: readonly Plant[] = PLANTS): readonly Plant[] {
  const found = plants.filter(({ name, kind, file }) => [name, kind, file].some((text) => text.includes(only ?? '')));
  if (found.length > 0) return found;
  throw usageError(`--only ${only}: no planted error has this in its name, kind or file`);
}

/** The findings that a file has from earlier runs; none if there is no file. @throws as `readFigures` does */
const earlierIn = (path: string) => (existsSync(path) ? readFigures(path).findings : []);

/** Resolves to the exit code: 1 when a planted error survived or is stale. Rejects with ERR_USAGE, ERR_RESULT_FILE. */
export async function mutateCommand(options: MutateOptions): Promise<number> {
  const { only, out, list = false } = options;
  const plants = chosen(only);
  if (list) {
    process.stdout.write(`${plants.map(({ name, kind, file }) => `${kind}: ${name} (${file})`).join('\n')}\n`);
    return EXIT_FINE;
  }
  if (out !== undefined) requireWritable(out);
  const earlier = out === undefined ? [] : earlierIn(out);
  const names = PLANTS.map(({ name }) => name);
  const found: Finding[] = [];
  const keep = (finding: Finding) => {
    found.push(finding);
    if (out === undefined) return;
    const created = new Date().toISOString();
    const findings = joined(names, earlier, found);
    writeFigures(out, { schema: 'copytax.mutations/1', created, node: process.version, findings });
  };
  const interrupt = new Interrupt(() => process.exit(interrupt.exitCode));
  const say = (text: string) => process.stderr.write(`copytax: mutate: ${text}\n`);
  try {
    const findings = await mutationRun(ROOT, plants, {
      signal: interrupt.signal,
      onFinding: (finding, done, of) => {
        keep(finding);
        say(`${done} of ${of}: ${finding.name}: ${endingOf(finding)}`);
      },
      onUseless: (finder) => say(`${finder} fails without a planted error, and is left out`),
    });
    process.stdout.write(`${findingsText(findings)}\n`);
    if (interrupt.signal.aborted) return interrupt.exitCode;
    return findings.every(({ outcome }) => outcome === 'noticed') ? EXIT_FINE : EXIT_FAILED;
  } finally {
    interrupt.close();
  }
}
