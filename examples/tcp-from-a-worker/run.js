// A worker sends a region over TCP without an event loop: `node examples/tcp-from-a-worker/run.js`.
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Region, TcpSender } from 'copytax/memory';

if (isMainThread) {
  const region = Region.create({ bytes: 8 << 20 });
  const server = createServer(async (peer) => {
    let bytes = 0;
    let same = true;
    for await (const part of peer) {
      same &&= region.view(bytes, part.length).equals(part);
      bytes += part.length;
    }
    console.log(`${bytes} bytes arrived, ${same ? 'each as it was sent' : 'others than were sent'}`);
    server.close();
    region.close();
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    new Worker(fileURLToPath(import.meta.url), { workerData: { id: region.id, port } });
  });
} else {
  const { id, port } = workerData;
  const region = Region.attach(id);
  const sender = TcpSender.connect({ address: '127.0.0.1', port, zeroCopy: true });
  sender.sendAll(region); // blocks this thread until Linux has taken all
  sender.awaitCompletions(10_000); // until they may change
  sender.close();
  region.close();
}
