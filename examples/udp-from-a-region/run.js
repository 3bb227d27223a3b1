// Sends 1000 datagrams out of buffers that lie in locked memory: `node examples/udp-from-a-region/run.js`.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { BufferPool } from 'copytax/memory';

const pool = new BufferPool({ count: 256, bytes: 1472 });
const socket = createSocket('udp4');
socket.connect(9, '127.0.0.1');
await once(socket, 'connect');
socket.on('error', () => {}); // Linux says so where no program listens on port 9
for (let i = 0; i < 1000; i++) {
  const buffer = await pool.take();
  buffer.writeUInt32LE(i);
  socket.send(buffer, () => pool.give(buffer));
}
await pool.close(); // when the last buffer is back
socket.close();
console.log(`1000 sent from ${pool.locked ? 'locked' : 'unlocked'} memory`);
