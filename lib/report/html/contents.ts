/** What a page is made of: documents of this package, each under a name. */
import type { ResultDocument } from '../../bench/result/result.js';
import type { SizingDocument } from '../../capture/files/sizing-schema.js';
import type { ReplayResult } from '../../capture/replay/replay-result.js';

/** A document under a name. */
export interface Named<Document> {
  /** What readers call it: the name of its file, without folder and ending. */
  readonly name: string;
  readonly document: Document;
}

/** What a page shows. Names differ from each other. */
export interface PageContents {
  /** At most eight; the first is what the others are compared with. */
  readonly results: readonly Named<ResultDocument>[];
  readonly replays: readonly Named<ReplayResult>[];
  readonly sizings: readonly Named<SizingDocument>[];
}

/** Machines that fit side by side. */
export const MOST_RESULTS = 8;
