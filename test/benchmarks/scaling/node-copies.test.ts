import { describe, expect, it, jest } from '@jest/globals';
import { NodeCopies } from '../../../benchmarks/scaling/node-copies.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { Region } from '../../../lib/memory/region.js';
import { MIB } from '../../../lib/units.js';

const [cpu = 0] = addon().affinity();
const [node = 0] = (hostFacts().numaNodes ?? []).flatMap(({ id, bytes }) => (bytes === null ? [] : id));

/** Whether this host tells on which node memory lies: without it no copy has a value. */
function tellsNodes(): boolean {
  using region = Region.create({ bytes: MIB, numaNode: node });
  return region.info().numaNode === node;
}

describe('NodeCopies', () => {
  it('copies between memory of nodes, with a value where Linux says that it lies there', async () => {
    const copies = new NodeCopies(cpu, [node], MIB);
    await copies.open();
    try {
      const { value, durationMs, ledger, whyNone } = copies.sample({ source: node, destination: node }, 0, 1);
      expect(durationMs).toBeGreaterThanOrEqual(1);
      expect(value !== null && value > 0).toBe(tellsNodes());
      expect(whyNone === undefined).toBe(value !== null);
      if (value !== null) expect(ledger).toEqual({ 'own:sourceNode': node, 'own:destinationNode': node });
    } finally {
      copies.close();
    }
  });

  it.each(['source', 'destination'])(
    'has no value where the %s lies on another node than it was asked for',
    async (side) => {
      const copies = new NodeCopies(cpu, [node], MIB);
      await copies.open();
      const told = (numaNode: number) => ({ numaNode }) as ReturnType<Region['info']>;
      const nodes = side === 'source' ? [node + 1, node] : [node, node + 1];
      const infos = jest.spyOn(Region.prototype, 'info').mockImplementation(() => told(nodes.shift()!));
      try {
        const { value, ledger } = copies.sample({ source: node, destination: node }, 0, 1);
        expect({ value, nodes, ledger }).toMatchObject({ value: null, nodes: [] });
        expect(Object.values(ledger!)).toContain(node + 1);
      } finally {
        infos.mockRestore();
        copies.close();
      }
    },
  );

  it('has no value, and goes on, where Linux gives no memory of a node', async () => {
    const absent = 1023;
    const copies = new NodeCopies(cpu, [absent, node], MIB);
    await copies.open();
    try {
      expect(copies.sample({ source: node, destination: absent }, 0, 1)).toEqual({
        value: null,
        durationMs: 0,
        whyNone: `Linux gives this process no memory of node ${absent}`,
      });
      expect(copies.sample({ source: node, destination: node }, 0, 1).durationMs).toBeGreaterThan(0);
    } finally {
      copies.close();
    }
  });
});
