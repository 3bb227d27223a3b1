/** `copytax machine`: the facts of this host, as text or JSON. Works without the addon. */

import { addon, type CopyKernelFacts } from '../../addon/addon.js';
import { addonStateOf } from '../../addon/load-addon.js';
import { counterFacts } from '../../bench/counters/counter-facts.js';
import { possibleCpus } from '../../bench/facts/cpu/topology.js';
import { HostFiles } from '../../bench/facts/host-files.js';
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { thisHost } from '../../bench/host/this-host.js';
import { cacheKnees } from '../../bench/run/cache-knees.js';
import { allCopyKernels } from '../../memory/copy-kernels.js';
import { machineText } from '../../report/machine/machine-text.js';
import { kneeSentence } from '../../report/speed/cache-knees.js';
import { JsonOutput } from '../terminal/json-output.js';
import { swiotlbOption } from './swiotlb-option.js';

/** How long the measurement of caches may take. */
const MEASURING_MS = 1000;

/** The copy kernels of this host. When the addon does not load they are null, and its state is told. */
function addonExtras(): { copyKernels: readonly CopyKernelFacts[] | null; addonState?: string } {
  try {
    return { copyKernels: allCopyKernels() };
  } catch (error) {
    return { copyKernels: null, addonState: addonStateOf(error) ?? 'not usable' };
  }
}

/** The facts with measured cache sizes. @throws ERR_ADDON_NOT_BUILT, ERR_ADDON_DAMAGED, ERR_ADDON_DISABLED */
function measuredHost(): HostFacts {
  const [cpu = 0] = addon().affinity();
  const host = thisHost();
  return { ...host, ...cacheKnees(host, cpu, MEASURING_MS) };
}

/** What stands below the facts: measured caches, or how to get them where those that are told are hearsay. */
function measuredText(host: HostFacts, isMeasured = false): string {
  const sentence = kneeSentence(host);
  if (sentence !== null) return `\nCaches ${sentence}\n`;
  if (isMeasured) return '';
  if (host.caches === null) return '\nCaches are not told: --measure measures them\n';
  return host.hypervisor.present ? '\nCaches are as the hypervisor tells: --measure measures them\n' : '';
}

/** Prints the facts. `measure`: caches, too, which takes a second. @throws ERR_RESULT_FILE */
export function machineCommand({ json, measure }: { json?: string | boolean; measure?: boolean }): void {
  const output = new JsonOutput(json);
  const host = measure ? measuredHost() : thisHost();
  const files = new HostFiles();
  const counters = counterFacts(files) ?? null;
  const extras = { swiotlbOption: swiotlbOption(host, possibleCpus(files)), counters, ...addonExtras() };
  output.print({ ...host, ...extras }, () => `${machineText(host, extras)}${measuredText(host, measure)}`);
}
