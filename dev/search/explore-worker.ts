/**
 * A thread of machines whose CPUs take turns: turns its atomic operations into scheduling points, and plays its role in
 * one machine after the other.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOfDesign, loadDesigns } from '../../lib/designs/own-designs.js';
import { DeviceTable } from '../../lib/device/device-table.js';
import { DescriptorRing } from '../../lib/dma/descriptor-ring.js';
import { Dma } from '../../lib/dma/map.js';
import { AttachedRam } from '../../lib/machine/run/attached-ram.js';
import { ByteQueueLimit } from '../../lib/net/byte-queue-limit.js';
import { LearnedDevices } from '../../lib/net/learned-device.js';
import { PeerTable } from '../../lib/net/peer.js';
import { SkbTable } from '../../lib/net/skb.js';
import { SocketTable } from '../../lib/net/socket.js';
import { SocketLocks } from '../../lib/net/socket-lock.js';
import { TxQueue } from '../../lib/net/tx-queue.js';
import { BindingTable } from '../../lib/owner/bindings.js';
import { Buffers } from '../../lib/owner/buffers.js';
import { CompletionTable } from '../../lib/owner/completions.js';
import { SlabObjects } from '../../lib/owner/kernel-buffers.js';
import { OwnerBlocks } from '../../lib/owner/owner-blocks.js';
import { PinTable } from '../../lib/owner/pins.js';
import { TxBufTable } from '../../lib/owner/tx-buf.js';
import { PageTable } from '../../lib/page/page-table.js';
import { PercentLimit } from '../../lib/page/percent-limit.js';
import { MappingIndex } from '../../lib/page/pool/mapping-index.js';
import { NetmemTable } from '../../lib/page/pool/netmem-table.js';
import { PageCycle } from '../../lib/page/pool/page-cycle.js';
import { ReturnRing } from '../../lib/page/pool/return-ring.js';
import { Arena } from '../../lib/smp/arena.js';
import { CpuTable } from '../../lib/smp/cpu.js';
import { BufferRecords } from '../../lib/swiotlb/per-mapping/buffer-records.js';
import { SlotPoolList } from '../../lib/swiotlb/pools/slot-pool-list.js';
import { Areas } from '../../lib/swiotlb/slots/area.js';
import { SlotTable } from '../../lib/swiotlb/slots/slot-table.js';
import type { ExploredMachine } from '../machine/explored-machine.js';
import { ExploredState, roleOf } from '../machine/explored-state.js';
import { type Failure, failureOf } from '../machine/failure.js';
import { Points } from '../schedule/points.js';
import { Stopped, Turns, type TurnsConfig } from '../schedule/turns.js';
import type { CrewReply } from './crew.js';
import { Player } from './player.js';

/** The worker data of the thread. */
export interface ExploreThreadData {
  readonly cpu: number;
  /** The memory of the `Turns` of all threads. */
  readonly turnsBuffer: SharedArrayBuffer;
  /**
   * True if this thread plays machines whose plain accesses are scheduling points. Watching the accesses slows it down
   * until it ends.
   */
  readonly columnPoints: boolean;
  /** A module to import before operations become scheduling points, or null. Tests plant bugs with it. */
  readonly preload: string | null;
  /** Modules that add designs. */
  readonly designModules: readonly string[];
}

export interface ExploreRequest {
  readonly machine: ExploredMachine;
  readonly turnsConfig: TurnsConfig;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
}

const TABLES = [
  DescriptorRing,
  PeerTable,
  SkbTable,
  SocketLocks,
  SocketTable,
  TxQueue,
  PageTable,
  CpuTable,
  Areas,
  SlotTable,
  SlotPoolList,
  BufferRecords,
  ByteQueueLimit,
  LearnedDevices,
  PercentLimit,
  DeviceTable,
  TxBufTable,
  Buffers,
  OwnerBlocks,
  PinTable,
  CompletionTable,
  BindingTable,
  SlabObjects,
  NetmemTable,
  ReturnRing,
  MappingIndex,
  PageCycle,
];

if (parentPort !== null) await serve(parentPort, workerData as ExploreThreadData);

async function serve(
  port: NonNullable<typeof parentPort>,
  { cpu, turnsBuffer, columnPoints, preload, designModules }: ExploreThreadData,
) {
  const attached = new AttachedRam();
  const turns = new Turns(turnsBuffer);
  const points = new Points(turns);
  if (preload !== null) await import(preload);
  await loadDesigns(designModules);
  points.install(TABLES, [Dma]);
  if (columnPoints) points.watchColumns();
  port.on('message', (request: ExploreRequest) => {
    const { machine } = request;
    let failure: Failure | null = null;
    turns.arrive(cpu, request.turnsConfig);
    try {
      const ram = attached.attach(request.ram);
      points.resetClock();
      const checked = new ExploredState(Arena.over(request.arena), machine);
      points.watching = columnPoints;
      const explored = new ExploredState(Arena.over(request.arena), machine);
      const role = roleOf(cpu, explored.system, machine, ram);
      points.watching = false;
      const player = new Player(turns, points, role, {
        explored,
        checked,
        ram: ram.id,
        threads: request.turnsConfig.threads,
      });
      turns.checkEvery(machine.checkEvery, () => player.checkInstant());
      points.tablePoints = machine.tablePoints;
      points.active = true;
      player.play();
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) failure = failureOf(cpu, failureOfDesign(machine.config.design, thrown));
    }
    points.active = false;
    if (failure !== null) turns.stop();
    turns.leave();
    port.postMessage({ failure } satisfies CrewReply);
  });
}
