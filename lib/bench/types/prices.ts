/** Prices that were not measured. Written by `npm run docs` from the schemas: change those. */

/** Where a published price can be read. */
export interface PriceSource {
  /** Of the publication. */
  title: string;
  /** Where it can be read, a URL. */
  address: string;
  /** Of the publication: year, month and, if known, day. */
  date: string;
}

/** A price per page that was not measured here, with its source. */
export interface PagePrice {
  /** As tables name the price. */
  name: string;
  /** Nanoseconds for the whole range, whatever its size. */
  nsPerUse: number;
  /** Nanoseconds for each page of 4 KiB on top of it. */
  nsPerPage: number;
  /** The source leaves out a part of what has to be paid. */
  isLowerBound: boolean;
  /** What exactly the price is of. */
  includes: string;
  /** null: given by the user. */
  source: PriceSource | null;
}
