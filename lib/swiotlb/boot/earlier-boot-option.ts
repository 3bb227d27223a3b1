/**
 * The boot option of the earlier design of growth: `swiotlb=` with one more word, `dynamic`, where `force` or `noforce`
 * may stand. Released versions of Linux have no such option: they ignore the word, and so does `parseBootParam`, which
 * reads what they accept and nothing else. The posted series had an option. Its spelling here, and that it excludes the
 * other two words, are ours. See docs/spec/tx-path.md#the-earlier-design-one-buffer-per-mapping. Pure.
 */
import { type BootParam, bootWord, parseBootParam } from './boot-options.js';

/** What `swiotlb=` says to a Linux with the earlier design of growth. */
export interface EarlierBootParam extends BootParam {
  /** True if mappings may get buffers of their own: the allocator is then made with `perMapping`. */
  readonly dynamic: boolean;
}

/** Reads the value of `swiotlb=` as a Linux with the earlier design would. Total, as `parseBootParam` is. */
export function parseEarlierBootParam(param: string): EarlierBootParam {
  return { ...parseBootParam(param), dynamic: bootWord(param) === 'dynamic' };
}
