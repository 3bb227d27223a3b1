import { describe, expect, it } from '@jest/globals';
import { RECORD } from '../../lib/explain/folded-pattern.js';
import { messagesIn } from '../../lib/explain/messages.js';

const found = (text: string) => messagesIn(text).map(({ kind, device, size }) => ({ kind, device, size }));

describe('messages', () => {
  it.each([
    ['xhci_hcd 0000:00:14.0: swiotlb buffer is full', 'full', '0000:00:14.0', null],
    ['swiotlb buffer is full (sz: 8 bytes)', 'full', null, 8],
    ['amba:zyxclmm_drm: swiotlb buffer is full (sz: 8 bytes)', 'full', 'amba:zyxclmm_drm', 8],
    ['d0: DMA: Out of SW-IOMMU space for 12 bytes', 'out-of-space', 'd0', 12],
    ['DMA: Out of SW-IOMMU space for 12 bytes at device 08:00.0', 'out-of-space', '08:00.0', 12],
    ['swiotlb: coherent allocation failed for device udmabuf.0 size=8388608', 'coherent-failed', 'udmabuf.0', 8388608],
    ['r8152 2-1:1.0: DMAR: Device bounce map: 5ea@1234000 dir 1 --- failed', 'iommu-bounce-failed', '2-1:1.0', 1514],
    ['DMAR: Device bounce map: 2000@1234000 dir 2 --- failed', 'iommu-bounce-failed', null, 8192],
    ['x y0: swiotlb addr 0x2f7000000+512 overflow (mask 27fffffff, bus limit 0).', 'slot-overflow', 'y0', 512],
    ['x y0: DMA addr 0x2f7000000+512 overflow (mask 27fffffff, bus limit 0).', 'mask-overflow', 'y0', 512],
    ['x y0: overflow 0x1a7296000+708608 of DMA mask ffffffff bus mask ffffffff', 'mask-overflow', 'y0', 708608],
    ['x y0: dma_direct_map_page: overflow 0x1a+7 of device mask ff', 'mask-overflow', 'y0', 7],
    ['nommu_map_sg: overflow 25dcac000+1024 of device mask ffffffff', 'no-mapping', null, 1024],
    ['Kernel panic: pci_map_single: high address but no IOMMU', 'no-pool', null, null],
    ['Cannot allocate SWIOTLB overflow buffer!', 'no-pool', null, null],
    ['software IO TLB: area num 8.', 'pool', null, null],
    ['software IO TLB: mapped [mem 0x01-0x02] (64MB)', 'pool', null, null],
    ['software IO TLB: No low mem', 'pool-not-made', null, null],
    ['transfer buffer not dma capable', 'not-swiotlb', null, null],
    ['PCI-DMA: Out of SW-IOMMU space for 12 bytes at device ?', 'out-of-space', null, 12],
    ['panic - not syncing: DMA: Random memory could be DMA written', 'out-of-space', null, null],
    ['panic - not syncing: DMA: Random memory could be DMA accessed', 'out-of-space', null, null],
    ['software IO TLB: tearing down default memory pool', 'pool-freed', null, null],
    [
      'nvme 0000:00:04.0: Alloc alignment may prevent fulfilling requests with max mapping_size',
      'alignment-warned',
      '0000:00:04.0',
      null,
    ],
    ['panic - not syncing: PCI-DMA: Random memory would be DMAed', 'not-swiotlb', null, null],
    ['x y0: swiotlb: coherent allocation failed, size=2097152', 'coherent-failed', 'y0', 2097152],
    ['hwdev DMA mask = 0x00000000ffffffff, dev_addr = 0x0000000123456000', 'slot-overflow', null, null],
    ['x y0: DMA map on device without dma_mask', 'mask-overflow', 'y0', null],
    ['x y0: dma_direct_map_page: call on device without dma_mask', 'mask-overflow', 'y0', null],
    ["x y0: Can not allocate SWIOTLB buffer earlier and can't now provide you with", 'no-pool', 'y0', null],
    ['x y0: DMA bounce buffers are inactive, unable to map unaligned transaction.', 'no-pool', 'y0', null],
    ['xen:swiotlb_xen: Cannot allocate Xen-SWIOTLB buffer (rc:-12)', 'no-pool', null, null],
    ['swiotlb_init_remap: Failed to allocate areas.', 'no-pool', null, null],
    ['software IO TLB: Failed to allocate new pool', 'pool-not-grown', null, null],
    ['software IO TLB [mem 0xb7-0xbb] (64MB) mapped at [ffff8800-ffff8801]', 'pool', null, null],
    ['software IO TLB [mem 0xb7-0xbb] (64MB) mapped at [        (ptrval)-        (ptrval)]', 'pool', null, null],
    ['software IO TLB: only able to allocate 32 MB', 'pool', null, null],
    ['SEV is active and system is using DMA bounce buffers', 'pool', null, null],
    ['x y0: Buffer overflow detected. Allocation size: 1. Mapping size: 4096.', 'outside-mapping', 'y0', 4096],
    ['mmc0: failed to allocate 65536 bytes for bounce buffer, falling back', 'not-swiotlb', null, null],
    ['x y0: swiotlb buffer is full (sz: -22 bytes)', 'full', 'y0', -22],
    ['dma_direct_map_page: 26 callbacks suppressed', 'suppressed', null, null],
  ])('are read: %s', (text, kind, device, size) => {
    expect(found(text)).toEqual([{ kind, device, size }]);
  });

  it('keep their words, with one space for each break', () => {
    const [message] = messagesIn('a b0: swiotlb\n buffer is  full');
    expect(message).toMatchObject({ words: 'a b0: swiotlb buffer is full', start: 0, end: 30 });
  });

  it('have no number that was not printed: what no number here can be is told as its digits', () => {
    const line = (total: string) => `swiotlb buffer is full (sz: 8 bytes), total ${total} (slots), used 5 (slots)`;
    for (const digits of ['99999999999999999999', '18446744073709551615', String(2 ** 53)])
      expect(messagesIn(line(digits))).toMatchObject([{ size: 8, total: null, used: 5, beyond: digits }]);
    expect(messagesIn(line(String(2 ** 53 - 1)))).toMatchObject([{ total: 2 ** 53 - 1, beyond: null }]);
    expect(messagesIn('Device bounce map: ffffffffffffffff@12 dir 1 --- failed')).toMatchObject([
      { size: null, beyond: '0xffffffffffffffff' },
    ]);
  });

  it('do not go across records', () => {
    expect(found(`a b0:${RECORD}swiotlb buffer is full`)).toEqual([{ kind: 'full', device: null, size: null }]);
    expect(found(`swiotlb buffer${RECORD}is full`)).toEqual([]);
  });

  it('take no word of prose for a device', () => {
    for (const before of [
      'error: ',
      'it says:\n\n  ',
      'vc4-drm says:\n',
      'Kernel panic - not syncing: ',
      'swiotlb_full: ',
    ])
      expect(found(`${before}swiotlb buffer is full`)).toEqual([{ kind: 'full', device: null, size: null }]);
    for (const before of ['vc4-drm gpu: ', 'simple-framebuffer: ', 'x y0:\n'])
      expect(found(`${before}swiotlb buffer is full`)[0]!.device).toBe(before.trim().slice(0, -1).split(' ').at(-1));
  });

  it('tell addresses and masks in hexadecimal, and the slots of a boot token', () => {
    expect(messagesIn('nommu_map_sg: overflow 25dcac000+1024 of device mask ffffffff')).toMatchObject([
      { address: '0x25dcac000', mask: '0xffffffff', limit: null },
    ]);
    expect(messagesIn('swiotlb=128,4,force swiotlb=noforce').map(({ count, words }) => [count, words])).toEqual([
      [128, 'swiotlb=128,4,force'],
      [null, 'swiotlb=noforce'],
    ]);
  });

  it('are searched in garbage without spaces in time that grows with its length alone', () => {
    expect(messagesIn(`${'a'.repeat(200_000)}: swiotlb buffer is full`)).toHaveLength(1);
  });
});
