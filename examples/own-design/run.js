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
const configs = /** @type {const} */ (['bounce-pages', stockedPages]).map((design) =>
  machineConfig({ design, cpus, sockets: { senders: 2 } }),
);
for (const config of configs) await threads.run(config, { warmupMs: 500, measureMs: 0 }); // all once, to be compiled
for (const config of configs) {
  const { gbps, pagesTaken, skbs } = await threads.run(config, { warmupMs: 500, measureMs: 500 });
  const blocks = `${pagesTaken} blocks carved from the slot pool`;
  console.log(`${config.design}: ${gbps.toFixed(0)} Gbit/s, ${blocks}, ${skbs} packets`);
}
await threads.close();
