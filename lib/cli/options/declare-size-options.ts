/** The options of `copytax size`, as commander declares them. */
import type { Command } from 'commander';

/** Adds description, argument and options to the command, and returns it. */
export function addSizeOptions(command: Command): Command {
  return command
    .description(
      'find the slot pool that a captured load, or flows, need: how many mappings fail in pools of every size, what ' +
        'to boot with, and what bounce pages leave to others; exit code 1 if no pool is enough',
    )
    .argument(
      '[capture...]',
      "text of ftrace, trace-cmd report or perf script, plain or gzipped; '-' is standard input",
    )
    .option('--flows <count>', 'without a capture: streams that send as fast as they can')
    .option('--wmem <bytes>', 'send buffer of each, such as the last number of tcp_wmem: 4M')
    .option('--rate <gbps>', 'Gbit/s of all of them together')
    .option('--cpus <count>', 'CPUs of the host (default: as noted beside the capture, or as told by it)')
    .option(
      '--floor <slots>',
      'slots that long-lived mappings hold (default: io_tlb_used noted beside the capture, or 0)',
    )
    .option(
      '--hold <time>',
      'where no end is told: how long mappings are held, for all devices or DEVICE=TIME; may be repeated (default: ' +
        'as long as makes the noted high-water mark, or 1ms)',
      (text: string, all: readonly string[] | undefined) => [...(all ?? []), text],
    )
    .option('--percent <percent>', 'share of the pool that bounce pages of senders may take, 1 to 90 (default: 50)')
    .option(
      '--target <probability>',
      'highest probability that a mapping may fail with (default: the lowest that the load supports)',
    )
    .option('--headroom <factor>', 'slots to recommend for each that is needed, 1 to 64 (default: 2)')
    .option(
      '--have <swiotlb>',
      'the pool that there is: SLOTS[,AREAS] as after swiotlb= (default: as noted beside the capture)',
    )
    .option('--memory <bytes>', 'memory of the host (default: as noted beside the capture, or that of this host)')
    .option('--passes <count>', 'how often each pool is tried (default: 2 to 16 by the length of the load, flows: 8)')
    .option('--seed <number>', 'what is drawn (default: 1)')
    .option('--json [file]', 'print JSON, or write it there and print the report');
}
