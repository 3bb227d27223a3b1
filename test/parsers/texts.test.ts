import { describe, it } from '@jest/globals';
import { parseSchedule } from '../../dev/schedule/schedule.js';
import { parseFailCondition } from '../../lib/bench/compare/fail-condition.js';
import { parseCpuList } from '../../lib/bench/facts/cpu-list.js';
import { parseCpuMap } from '../../lib/bench/facts/cpu-map.js';
import { jsonFault } from '../../lib/bench/files/json-fault.js';
import { fileGroups } from '../../lib/cli/options/file-groups.js';
import {
  parseCpus,
  parseDuration,
  parseInteger,
  parseList,
  parsePowerOfTwo,
  parseSize,
} from '../../lib/cli/options/values.js';
import { parseBootParam } from '../../lib/swiotlb/boot/boot-options.js';
import { parseEarlierBootParam } from '../../lib/swiotlb/boot/earlier-boot-option.js';
import { mutatedText, survives } from '../support/mutated.js';

const RANGE = { low: 1, high: 2 ** 40, min: 1, max: 2 ** 40 } as unknown as Parameters<typeof parseSize>[2];
const SIZES = ['4K', '1G', '65536', '1.5M'];

const PARSERS: [string, string[], (text: string) => unknown][] = [
  ['a size', SIZES, (text) => parseSize('--pool', text, RANGE)],
  ['a power of two', SIZES, (text) => parsePowerOfTwo('--pool', text, RANGE)],
  ['a duration', ['500ns', '50us', '1ms', '0'], (text) => parseDuration('--ack-delay', text, RANGE)],
  ['an integer', ['1', '64'], (text) => parseInteger('--rounds', text, RANGE)],
  ['a list', ['1,2,3'], (text) => parseList('--senders', text, (one) => parseInteger('--senders', one, RANGE))],
  ['CPUs', ['0-3,8', '0'], (text) => parseCpus('--cpus', text, [0, 1, 2, 3, 8], '0-3,8')],
  ['a list of CPUs of Linux', ['0-3,8\n', '0-127', ''], parseCpuList],
  ['a map of CPUs of Linux', ['ffffffff,0000000f\n', '1'], parseCpuMap],
  ['a condition to fail on', ['tx-designs/*: median < 0.9', 'copy-cost/libc/hot: ratio >= 1.05'], parseFailCondition],
  ['groups of files', ['a.json -- b.json', 'x=a.json b.json'], (text) => fileGroups(text.split(' '))],
  ['a schedule', ['5:0@3>1', '77:', '5:0@3>1,1@9>0'], parseSchedule],
  ['swiotlb=', ['65536,4', '32768,force', 'noforce'], parseBootParam],
  ['swiotlb= of earlier designs', ['65536,4,force', 'any'], parseEarlierBootParam],
  ['damaged JSON', ['{"a":[1,2,{"b":null}],"c":"\\u0041"}', '[]'], jsonFault],
];

describe('whatever is written as', () => {
  it.each(PARSERS)('%s is read, or refused in words', (_what, valid, parse) => {
    survives(mutatedText(...valid), parse);
  });
});
