/** Pages with reference counts, and a page type of one's own that keeps its pages for the next use. */
import { Folios } from 'copytax/slots';

const folios = new Folios({ pages: 1024 });
/** @type {number[]} */
const stock = [];
let keeps = true;
const recycled = folios.defineType('recycled', (pfn) => keeps && stock.push(pfn) > 0);

for (let i = 0; i < 10_000; i++) {
  const kept = stock.pop();
  const pfn = kept ?? folios.alloc(3);
  if (pfn === null) throw new Error('no pages are left');
  if (kept === undefined) folios.setType(pfn, recycled);
  else folios.reuse(kept);
  folios.get(pfn); // a second holder
  folios.put(pfn);
  folios.put(pfn); // the last one: `recycled` keeps the block
}
console.log(`in stock: ${stock.length} block of 8 pages; free: ${folios.free}`);

keeps = false;
for (const pfn of stock) {
  folios.reuse(pfn);
  folios.put(pfn);
}
console.log(`free again: ${folios.free}`);
