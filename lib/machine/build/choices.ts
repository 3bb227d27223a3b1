/** The values that some knobs of a machine choose from, and limits that several knobs share. */

/**
 * How bounce memory grows when the slot pool is full. `none`: it does not. `pools`: as Linux does since 6.6, by
 * transient pools and by pools that a worker adds in the background. `per-mapping`: as an
 * earlier patch did, by a buffer for each mapping.
 */
export const GROWTH_MODES = ['none', 'pools', 'per-mapping'] as const;
export type GrowthMode = (typeof GROWTH_MODES)[number];

/**
 * `stream`: a sender writes as fast as its socket takes data. `paced`: the same, but the socket transmits at
 * `sendBitsPerSecond`. `app-limited`: a stream whose sender has messages to write at `sendBitsPerSecond` only.
 * `datagram`: messages that are not acknowledged, at `sendBitsPerSecond` or, when that is infinite,
 * as fast as the send buffer takes them.
 */
export const TRAFFICS = ['stream', 'paced', 'app-limited', 'datagram'] as const;
export type Traffic = (typeof TRAFFICS)[number];

/** `transmit`: sockets learn from their transmissions which device bounces. `told`: they know before the first one. */
export const LEARNING_MODES = ['transmit', 'told'] as const;

/**
 * `fifo`: one CPU at a time transmits, for all; others only enqueue. `none`: every sender takes the TX lock and
 * transmits its own packets, as on devices without a queueing discipline.
 */
export const QDISCS = ['fifo', 'none'] as const;
export type QdiscName = (typeof QDISCS)[number];

/** What Linux lends to the network: pages with a reference count, or objects without one. */
export const LENDERS = ['page-cache', 'slab'] as const;

/** The largest number of logical CPUs, of transmit queues, and of senders. */
export const MAX_CPUS = 64;
export const MAX_QUEUES = 31;
export const MAX_SENDERS = 1024;
/** Payload bytes of a segment on Ethernet. */
export const SEGMENT_PAYLOAD = 1448;
