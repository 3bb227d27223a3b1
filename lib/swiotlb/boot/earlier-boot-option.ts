/**
 * The boot option of the earlier design of growth: `swiotlb=` with one more word, `dynamic`, where `force` or `noforce`
 * may stand. Released kernels have no such option: they ignore the word, and so does `parseBootParam`, which reads what
 * they accept and nothing else. That there was an option is known (the transmit path's specification, section 6.1); its
 * spelling, and that it excludes the other two words, are ours. Pure.
 */
import { type BootParam, bootWord, parseBootParam } from './boot-options.js';

export interface EarlierBootParam extends BootParam {
  /** Mappings may get buffers of their own: the allocator is made with `perMapping`. */
  readonly dynamic: boolean;
}

/** Reads the value of `swiotlb=` as a kernel with the earlier design would. Total, as `parseBootParam` is. */
export function parseEarlierBootParam(param: string): EarlierBootParam {
  return { ...parseBootParam(param), dynamic: bootWord(param) === 'dynamic' };
}
