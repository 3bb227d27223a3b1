// Sends frames out of a slot pool by AF_XDP. Without rights, in namespaces of its own: `node examples/af-xdp/run.js`;
// through an interface of this host: `sudo node examples/af-xdp/run.js eth0`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Region, XdpSender } from 'copytax/memory';
import { Slots } from 'copytax/slots';

const FRAMES = 1000;
const LINK = 'ip link add x0 type veth peer name x1 && ip link set x0 up && ip link set x1 up';

/** @param {string} name */
function send(name) {
  const slots = Slots.create({ bytes: 1 << 20, lock: 'no' });
  const region = Region.attach(slots.handle.region); // the memory of the slot pool, as Linux is to see it
  const sender = XdpSender.open({ interface: name, region, ringFrames: 64 });
  let [sent, done] = [0, 0];
  while (done < FRAMES) {
    while (sent < FRAMES && sender.inFlight < 64) {
      const offset = slots.alloc(2048); // one slot, which is one frame of the UMEM
      const frame = slots.view(offset, 60);
      frame.fill(0xff, 0, 6); // to all stations
      frame.fill(2, 6, 12); // from a station that is nowhere
      frame.writeUInt16BE(0x88b5, 12); // for experiments
      frame.fill(sent % 256, 14);
      sent += sender.send([{ offset, bytes: 60 }]);
    }
    for (const offset of sender.completions()) {
      slots.free(offset); // Linux has no more use for it
      done++;
    }
  }
  sender.close();
  region.close();
  console.log(`${done} frames left out of slots, of which ${slots.used} bytes are in use at the end`);
  slots.close();
}

const [name] = process.argv.slice(2);
if (name === undefined) {
  const again = `${LINK} && exec "$0" "$1" x0`;
  const args = ['-Urn', 'sh', '-c', again, process.execPath, fileURLToPath(import.meta.url)];
  const { status, stdout, stderr, error } = spawnSync('unshare', args, { encoding: 'utf8' });
  console.log(status === 0 ? stdout.trimEnd() : `not here: ${error?.message ?? stderr.trim()}`);
} else {
  try {
    send(name);
  } catch (error) {
    const { message, remedy } = /** @type {import('copytax/memory').CopytaxError} */ (error);
    console.error(`${message}; ${remedy}`);
    process.exitCode = 1;
  }
}
