/** Copies that take less time than a reading of the clock: timed singly, the clock is what is measured. */
import { addon } from '../../../addon/addon.js';
import { timedCopy } from '../../../memory/copy.js';
import { clockFacts } from '../../host/clock.js';
import { type Findings, inTurns, quantile, type Task } from './guard.js';
import { PAGE_BYTES, smallPages } from './scratch-memory.js';

const COPY_BYTES = 64;
/** Copies that are timed together, with the guard; singly timed ones of which the median counts, without. */
const COPIES = 1000;

export function saturatedTimer({ ms, copyKernel }: Task): Findings {
  using memory = smallPages(2 * PAGE_BYTES);
  const sides = {
    dstRegion: memory.id,
    dstOffset: PAGE_BYTES,
    dstSpan: PAGE_BYTES,
    srcRegion: memory.id,
    srcSpan: PAGE_BYTES,
  };
  const native = (batch: number) => {
    const samples = timedCopy({ copyKernel, bytes: COPY_BYTES, batch, ...sides }, COPIES / batch);
    return quantile([...samples], 0.5) / batch;
  };
  const { copy } = addon();
  const one = () => copy(memory.id, PAGE_BYTES, memory.id, 0, COPY_BYTES, copyKernel);
  let zeros = 0;
  let readings = 0;
  const singly = () => {
    let sum = 0;
    for (let at = 0; at < COPIES; at++) {
      const begin = performance.now();
      one();
      const elapsed = performance.now() - begin;
      sum += elapsed;
      if (elapsed === 0) zeros++;
    }
    readings += COPIES;
    return (sum / COPIES) * 1e6;
  };
  const together = () => {
    const begin = performance.now();
    for (let at = 0; at < COPIES; at++) one();
    return ((performance.now() - begin) / COPIES) * 1e6;
  };
  singly();
  together();
  const counter = inTurns({ without: () => native(1), with: () => native(COPIES) }, ms / 2);
  const engine = inTurns({ without: singly, with: together }, ms / 2);
  const { overheadNs, resolutionNs } = clockFacts();
  const { clockSource, clockOverheadNs } = addon().cpuInfo();
  return {
    pairs: [
      { what: '64 B, timed by the native clock', unit: 'ns', ...counter },
      { what: '64 B, timed by performance.now()', unit: 'ns', ...engine },
    ],
    facts: [
      { what: 'the native clock is', value: clockSource, unit: null },
      { what: 'it measures an empty interval as', value: clockOverheadNs, unit: 'ns' },
      { what: 'a reading of performance.now() costs', value: overheadNs, unit: 'ns' },
      { what: 'its smallest step seen', value: resolutionNs === 0 ? null : resolutionNs, unit: 'ns' },
      { what: 'copies that took no time at all by it', value: zeros / readings, unit: 'share' },
    ],
  };
}
