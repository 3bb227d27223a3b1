import { describe, expect, it } from '@jest/globals';
import { messagesIn, RECORD } from '../../lib/explain/messages.js';

const found = (text: string) => messagesIn(text).map(({ kind, device, size }) => ({ kind, device, size }));

describe('messages', () => {
  it.each([
    ['xhci_hcd 0000:00:14.0: swiotlb buffer is full', 'full', '0000:00:14.0', null],
    ['swiotlb buffer is full (sz: 8 bytes)', 'full', null, 8],
    ['amba:zyxclmm_drm: swiotlb buffer is full (sz: 8 bytes)', 'full', 'amba:zyxclmm_drm', 8],
    ['D: DMA: Out of SW-IOMMU space for 12 bytes', 'out-of-space', 'D', 12],
    ['DMA: Out of SW-IOMMU space for 12 bytes at device 08:00.0', 'out-of-space', '08:00.0', 12],
    ['swiotlb: coherent allocation failed for device udmabuf.0 size=8388608', 'coherent-failed', 'udmabuf.0', 8388608],
    ['r8152 2-1:1.0: DMAR: Device bounce map: 5ea@1234000 dir 1 --- failed', 'iommu-bounce-failed', '2-1:1.0', 1514],
    ['DMAR: Device bounce map: 2000@1234000 dir 2 --- failed', 'iommu-bounce-failed', null, 8192],
    ['x y: swiotlb addr 0x2f7000000+512 overflow (mask 27fffffff, bus limit 0).', 'slot-overflow', 'y', 512],
    ['x y: DMA addr 0x2f7000000+512 overflow (mask 27fffffff, bus limit 0).', 'slot-overflow', 'y', 512],
    ['x y: overflow 0x1a7296000+708608 of DMA mask ffffffff bus mask ffffffff', 'mask-overflow', 'y', 708608],
    ['x y: dma_direct_map_page: overflow 0x1a+7 of device mask ff', 'mask-overflow', 'y', 7],
    ['nommu_map_sg: overflow 25dcac000+1024 of device mask ffffffff', 'no-mapping', null, 1024],
    ['Kernel panic: pci_map_single: high address but no IOMMU', 'no-pool', null, null],
    ['Cannot allocate SWIOTLB overflow buffer!', 'no-pool', null, null],
    ['software IO TLB: area num 8.', 'pool', null, null],
    ['software IO TLB: mapped [mem 0x01-0x02] (64MB)', 'pool', null, null],
    ['software IO TLB: No low mem', 'pool-not-made', null, null],
    ['transfer buffer not dma capable', 'not-swiotlb', null, null],
  ])('are read: %s', (text, kind, device, size) => {
    expect(found(text)).toEqual([{ kind, device, size }]);
  });

  it('keep their words, with one space for each break', () => {
    const [message] = messagesIn('a b: swiotlb\n buffer is  full');
    expect(message).toMatchObject({ words: 'a b: swiotlb buffer is full', start: 0, end: 29 });
  });

  it('do not go across records', () => {
    expect(found(`a b:${RECORD}swiotlb buffer is full`)).toEqual([{ kind: 'full', device: null, size: null }]);
    expect(found(`swiotlb buffer${RECORD}is full`)).toEqual([]);
  });

  it('tell addresses and masks in hexadecimal, and the slots of a boot token', () => {
    expect(messagesIn('nommu_map_sg: overflow 25dcac000+1024 of device mask ffffffff')).toMatchObject([
      { address: '0x25dcac000', mask: '0xffffffff' },
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
