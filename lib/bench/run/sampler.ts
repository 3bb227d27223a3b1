/** Takes one sample of one cell. The cell measures itself; only the cell can tell where the measured part begins. */
import { CopytaxError } from '../../errors.js';
import type { Cell, Sample } from '../plan/scenario.js';

/** Checked here, where the cell is still known: a result file has no place for what is not a number. */
function requireNumbers(cell: Cell, { value, durationMs }: Sample): void {
  if (Number.isFinite(value) && Number.isFinite(durationMs) && durationMs >= 0) return;
  const message = `${cell.id} returned ${value} ${cell.unit} after ${durationMs} ms, which is not a measurement`;
  throw new CopytaxError('ERR_SCENARIO', message, { id: cell.id });
}

/**
 * Resolves to what the cell returned; the cell is called exactly once. Rejects with the error of the cell, or with
 * ERR_SCENARIO if it returned something that is not a finite number.
 */
export async function takeSample(cell: Cell, signal: AbortSignal): Promise<Sample> {
  const taken = await cell.sample(signal);
  requireNumbers(cell, taken);
  return taken;
}
