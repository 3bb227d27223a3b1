/**
 * A process of the experiment: opens its rig, says that it is ready, and replies to one request for a turn after the
 * other. Between them it waits and takes no CPU. It ends with its parent, and leaves Ctrl-C to it.
 */
import { setEngineFlags } from '../../lib/bench/host/engine-flags.js';
import type { TurnRequest } from './draws.js';
import { Rig, type RigSettings } from './rig.js';
import type { SampledReply } from './turn.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const reply = (message: SampledReply) => process.send!(message);

function refuse(error: unknown): void {
  const { code = 'unexpected error', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  reply({ error: { code, message } });
}

setEngineFlags();
let rig: Rig | null = null;

process.on('message', async (request: { readonly settings: RigSettings } | { readonly turn: TurnRequest }) => {
  try {
    if ('settings' in request) {
      rig = new Rig(request.settings);
      await rig.open();
      reply({ ...rig.generations, samples: [] });
    } else {
      const samples = await rig!.turn(request.turn);
      reply({ ...rig!.generations, samples });
    }
  } catch (error) {
    refuse(error);
  }
});
