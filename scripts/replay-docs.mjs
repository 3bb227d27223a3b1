// What docs/replay.md shows of committed replays.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { replayPlots } from '../dist/lib/report/plots/replay-plot.js';
import { replayText } from '../dist/lib/report/replay/replay-text.js';

/** Replays of one capture with probes and of one without. */
const REPLAYS = { told: 'kp-vnet-tcp1-k6.12', assumed: 'vnet-tcp8-k6.12' };

/** A replay that was kept, as `npx copytax replay CAPTURE --json | gzip` wrote it. */
function keptReplay(root, name) {
  return JSON.parse(gunzipSync(readFileSync(join(root, 'benchmarks/results/replays', `${name}.json.gz`))).toString());
}

/** Texts and the picture of docs/replay.md. */
export function replays(root) {
  const told = keptReplay(root, REPLAYS.told);
  const [{ svg }] = replayPlots(told);
  const assumed = replayText(keptReplay(root, REPLAYS.assumed)).split('\n\n');
  const pool = assumed.filter((part) => /^(Slot pool|if each|Assumed)/.test(part)).join('\n\n');
  const texts = {
    replay: `\`\`\`text\n${replayText(told)}\n\`\`\`\n`,
    occupancy: `![Slots in use over the time of a capture, and what was bounced](replay-occupancy.svg)\n`,
    'replay-assumed': `\`\`\`text\n${pool}\n\`\`\`\n`,
  };
  return { texts, svg };
}
