/**
 * A process that sends through Linux, in a network namespace of its own where this host grants one: run by `unshare`,
 * with a channel to the benchmark. It ends when that channel does, so that nothing is left of it after a SIGKILL of the
 * benchmark; its devices, addresses and sockets end with it.
 */
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { CopytaxError, isCopytaxError } from '../../lib/errors.js';
import { Region } from '../../lib/memory/region.js';
import { networkNamespace, SendEnds } from './send-ends.js';
import type { Opened, OpenRequest, SenderReply, SenderRequest } from './sender-messages.js';
import { SenderRig } from './sender-rig.js';
import { checkSent } from './sent-check.js';

interface Open {
  readonly source: Region;
  readonly ends: SendEnds;
  readonly rig: SenderRig;
}

let open: Open | undefined;

function opened({ parentNamespace, cpu, sourceBytes }: OpenRequest): Opened {
  pinIfAllowed(cpu);
  const own = networkNamespace();
  const isApart = own !== null && parentNamespace !== null && own !== parentNamespace;
  const source = Region.create({ bytes: sourceBytes });
  const ends = new SendEnds(source, isApart);
  open = { source, ends, rig: new SenderRig(ends, source) };
  return { isApart, ways: ends.ways, gaps: ends.gaps };
}

function handled(request: SenderRequest) {
  if (request.kind === 'open') return opened(request);
  if (open === undefined) throw new CopytaxError('ERR_SCENARIO', `'${request.kind}' was asked for before 'open'`);
  if (request.kind === 'check') return checkSent(open.ends, open.source, request);
  return open.rig.sample(request);
}

function replyTo(request: SenderRequest): SenderReply {
  try {
    return { value: handled(request) };
  } catch (error) {
    const code = isCopytaxError(error) ? error.code : 'ERR_SCENARIO';
    return { error: { code, message: (error as Error).message } };
  }
}

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
// A terminal sends it to all of its processes: the benchmark decides what ends when.
process.on('SIGINT', () => {});
process.on('message', (request: SenderRequest) => process.send?.(replyTo(request)));
