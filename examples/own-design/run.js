/** Runs the design of design.js: once with every check, and then on threads beside the design that it changes. */
import { copyKernelIndex, InlineMachine, machineConfig, ThreadedMachine } from 'copytax';
import { stockedPages } from './design.js';

const cpus = { count: 2, copyKernel: copyKernelIndex('kernel-like') };

const checked = { everyByte: true };
const sockets = { senders: 4, messagesPerSender: 200 };
const machine = new InlineMachine(machineConfig({ design: stockedPages, cpus, sockets, checking: checked }));
machine.run(); // throws where a byte, a reference or an invariant is wrong
console.log(
  `${stockedPages}: every check passes; slots were searched for ${machine.system.freeing.counters.allocated} times`,
);
machine.close();

const threads = new ThreadedMachine([]);
for (const design of /** @type {const} */ (['bounce-pages', stockedPages])) {
  const config = machineConfig({ design, cpus, sockets: { senders: 2 } });
  const { gbps, pagesTaken, skbs } = await threads.run(config, { warmupMs: 50, measureMs: 200 });
  console.log(`${design}: ${gbps.toFixed(0)} Gbit/s, ${pagesTaken} blocks carved from the slot pool, ${skbs} packets`);
}
await threads.close();
