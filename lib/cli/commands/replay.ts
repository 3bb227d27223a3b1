/** `copytax replay`: what a captured host bounced, what that costs here, and how full its slot pool was. */
import { replayCapture } from '../../capture/replay/replay.js';
import { replayText } from '../../report/replay/replay-text.js';
import { type ReplayArguments, replayOptions } from '../options/parse-replay-options.js';
import { isPlainLocale } from '../terminal/canvas-of.js';
import { Interrupt } from '../terminal/interrupt.js';
import { JsonOutput } from '../terminal/json-output.js';
import { requireOtherFile } from '../terminal/other-file.js';
import { EXIT_FINE } from '../terminal/print-error.js';
import { ProgressLine } from '../terminal/progress.js';
import { writePlots } from '../terminal/write-plots.js';

const FROM_STDIN = '-';
/** A replay that takes less shows no progress. */
const SHORT_MS = 1000;

/**
 * Resolves to the exit code. Rejects with ERR_USAGE, ERR_CAPTURE, ERR_LOG_FILE, ERR_RESULT_FILE, and what
 * `replayCapture` rejects with.
 */
export async function replayCommand(capture: string, given: ReplayArguments): Promise<number> {
  const options = replayOptions(given);
  requireOtherFile('--json', given.json, [capture]);
  const output = new JsonOutput(given.json);
  const began = performance.now();
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    process.exit(interrupt.exitCode);
  });
  try {
    const result = await replayCapture(capture === FROM_STDIN ? process.stdin : capture, {
      ...options,
      signal: interrupt.signal,
      onProgress: (lines) => {
        if (performance.now() - began > SHORT_MS) progress.update('replay', () => `replay: ${lines} lines`);
      },
    });
    progress.clear();
    // Loaded here because loading takes half a second, which those who want no pictures need not wait.
    const plots =
      given.svg === undefined ? [] : (await import('../../report/plots/replay-plot.js')).replayPlots(result);
    const written = given.svg === undefined ? '' : writePlots(given.svg, plots);
    output.print(result, () => `${replayText(result, isPlainLocale())}\n${written === '' ? '' : `\n${written}`}`);
    return EXIT_FINE;
  } catch (error) {
    progress.clear();
    if (interrupt.signal.aborted) return interrupt.exitCode;
    throw error;
  } finally {
    interrupt.close();
  }
}
