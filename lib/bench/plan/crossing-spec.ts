/**
 * Two costs by size that were both measured, and the question at which sizes the one is below the other. A scenario
 * names the cells of each size; where the two cross is computed from their samples.
 */

/** One size, and the ids of the cells that measured the two costs of it. */
export interface CrossingPoint {
  /** The size. */
  readonly bytes: number;
  /** Id of the cell that measured the cost that may be lower. */
  readonly of: string;
  /** Id of the cell that measured the cost it is compared with. */
  readonly to: string;
}

/** Two costs by size that are compared with each other. */
export interface CrossingSpec {
  /** Begins with the scenario, like the id of a cell. */
  readonly id: string;
  /** What may be cheaper. */
  readonly of: string;
  /** What it is compared with, as in "than bounce". */
  readonly to: string;
  /** At least one, in ascending order of size. */
  readonly points: readonly CrossingPoint[];
}
