/** Lines of a trace, as Linux prints them. */

/** An attempt to bounce. */
export function bounceLine(device: string, size: number, cpu = 0, seconds = 30): string {
  return (
    `          iperf3-1220    [00${cpu}] b..1.    ${seconds}.652477: swiotlb_bounced: ` +
    `dev_name: ${device} dma_mask=ffffffffffffffff dev_addr=4c3cafaa size=${size} FORCE`
  );
}

/** What probes tell of a mapping on Linux 6.1, from its begin to its end. */
export const PROBE_LINES: readonly string[] = [
  'swmap: (swiotlb_tbl_map_single+0x0/0x6c0) orig=0xae71cea msize=86 asize=86 amask=0x0 dir=1',
  'swmapret: (swiotlb_map+0x6f/0x260 <- swiotlb_tbl_map_single) tlb=0x78926800',
  'swunmap: (swiotlb_tbl_unmap_single+0x0/0x1a0) tlb=0x78926800 size=86 dir=1 attrs=0x20',
].map((event, at) => `          iperf3-1220    [001] b..1.    31.89631${at}: ${event}`);

/** What events of `dma` tell of one. */
export const DMA_LINES: readonly string[] = [
  'dma_map_page: 0000:00:01.0 dir=TO_DEVICE dma_addr=78b5f000 size=86 phys_addr=4c3cafaa attrs=',
  'dma_unmap_page: 0000:00:01.0 dir=TO_DEVICE dma_addr=78b5f000 size=86 attrs=',
].map((event, at) => `          iperf3-1220    [001] b..1.    32.89631${at}: ${event}`);
