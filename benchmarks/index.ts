/**
 * The scenarios of `copytax bench`, in the order in which they run. A line names a scenario and says when it runs; all
 * else is in its folder, which is loaded when it runs, so that `--help` need not wait for it.
 */
import type { ScenarioEntry } from '../lib/bench/plan/scenario.js';

export const SCENARIOS: readonly ScenarioEntry[] = [
  {
    name: 'tx-designs',
    measuresDesigns: true,
    load: async () => (await import('./tx-designs/tx-designs.js')).txDesigns,
  },
  {
    name: 'design-prices',
    measuresDesigns: 'at one shape',
    load: async () => (await import('./design-prices/design-prices.js')).designPrices,
  },
  { name: 'copy-cost', load: async () => (await import('./copy-cost/copy-cost.js')).copyCost },
  { name: 'control-cost', load: async () => (await import('./control-cost/control-cost.js')).controlCost },
  {
    name: 'kernel-send',
    onRequest: 'in quick runs',
    load: async () => (await import('./kernel-send/kernel-send.js')).kernelSend,
  },
  { name: 'slot-pool', onRequest: true, load: async () => (await import('./slot-pool/slot-pool.js')).slotPool },
  {
    name: 'growth-lookup',
    onRequest: true,
    load: async () => (await import('./growth-lookup/growth-lookup.js')).growthLookup,
  },
  {
    name: 'free-dispatch',
    onRequest: true,
    load: async () => (await import('./free-dispatch/free-dispatch.js')).freeDispatch,
  },
  {
    name: 'lifetime-cost',
    onRequest: true,
    load: async () => (await import('./lifetime-cost/lifetime-cost.js')).lifetimeCost,
  },
  {
    name: 'softirq-share',
    onRequest: true,
    load: async () => (await import('./softirq-share/softirq-share.js')).softirqShare,
  },
  {
    name: 'convert-in-place',
    onRequest: true,
    load: async () => (await import('./convert-in-place/convert-in-place.js')).convertInPlace,
  },
  {
    name: 'zerocopy-break-even',
    onRequest: true,
    load: async () => (await import('./zerocopy-break-even/zerocopy-break-even.js')).zerocopyBreakEven,
  },
  {
    name: 'copy-temperature',
    onRequest: true,
    load: async () => (await import('./copy-temperature/copy-temperature.js')).copyTemperature,
  },
  { name: 'pollution', onRequest: true, load: async () => (await import('./pollution/pollution.js')).pollution },
  {
    name: 'scaling',
    onRequest: true,
    load: async () => (await import('./scaling/scaling.js')).scaling,
  },
  {
    name: 'copy-surface',
    onRequest: true,
    load: async () => (await import('./copy-surface/copy-surface.js')).copySurface,
  },
  {
    name: 'pool-exhaustion',
    onRequest: true,
    load: async () => (await import('./pool-exhaustion/pool-exhaustion.js')).poolExhaustion,
  },
];
