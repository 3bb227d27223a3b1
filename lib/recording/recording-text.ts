/** What was recorded, as text. Pure. */
import type { CaptureSummary } from '../capture/capture-reader.js';
import { bytesText } from '../watch/watch-words.js';
import type { Sidecar } from './sidecar.js';

const PAIRS: Readonly<Record<Sidecar['pairs'], string>> = {
  probes: 'ends of mappings: told by probes',
  dma: 'ends of mappings: told by the events of dma, which are of mappings that do not bounce as well',
  none: 'ends of mappings: not told',
};

const ENDED: Readonly<Record<Sidecar['ended'], string>> = {
  time: '',
  full: ', when the memory for events was full: take more with --max-size, or less time',
  stopped: ', when it was stopped',
};

/** What the text says besides the sidecar. */
export interface Recorded {
  readonly file: string;
  /** Null if nothing stands beside the capture. */
  readonly sidecarFile: string | null;
  readonly sidecar: Sidecar;
  readonly summary: CaptureSummary;
  readonly bouncedBytes: number;
}

function lossLines({ lost, missed_by_probes: missed }: Sidecar, { unparsedLines }: CaptureSummary): string[] {
  return [
    ...(lost > 0 ? [`lost: ${lost} events, which the capture tells at its end`] : []),
    ...(missed ? [`missed: probes did not see ${missed} calls, as they do not see one within another`] : []),
    ...(unparsedLines > 0 ? [`not understood: ${unparsedLines} lines`] : []),
  ];
}

/** What a replay needs to know of a capture that has no file beside it. */
function besideText({ debugfs_before: { nslabs, used } }: Sidecar): string {
  if (nslabs === null || used === null) return 'nothing stands beside it, and what was in use before is not known';
  return `nothing stands beside it: replay it with \`--pool ${nslabs} --start-used ${used}\``;
}

/** The lines of a report. */
export function recordingLines({ file, sidecarFile, sidecar, summary, bouncedBytes }: Recorded): string[] {
  const { seconds, ended, pairs, pairs_note: note } = sidecar;
  const others = summary.others > 0 ? `, and ${summary.others} other events` : '';
  return [
    `${file}: ${summary.bounces} attempts to bounce ${bytesText(bouncedBytes)}${others}`,
    `recorded for ${seconds.toFixed(1)} s${ENDED[ended]}`,
    `${PAIRS[pairs]}${note === null ? '' : `, because ${note}`}`,
    ...(summary.bounces === 0 ? ['nothing was bounced in that time'] : []),
    ...lossLines(sidecar, summary),
    sidecarFile === null ? besideText(sidecar) : `${sidecarFile}: the host, and what was in use before and after`,
  ];
}
