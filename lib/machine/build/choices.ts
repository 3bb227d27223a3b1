/** What some knobs of a machine choose from, and the limits that others name. */

/**
 * How bounce memory grows when the slot pool is full. `none`: it does not. `pools`: as Linux does since 6.6, by
 * transient pools and by pools that a worker adds in the background. `per-mapping`: as was posted before that, by a
 * buffer for each mapping.
 */
export const GROWTH_MODES = ['none', 'pools', 'per-mapping'] as const;
export type GrowthMode = (typeof GROWTH_MODES)[number];

/**
 * `stream`: a socket is written to as fast as it takes data. `paced`: so it is here, but the socket transmits at
 * `sendBitsPerSecond`. `app-limited`: a stream for which there is something to write at `sendBitsPerSecond` only, one
 * message at a time. `datagram`: messages that are not acknowledged, at `sendBitsPerSecond` or, when that is infinite,
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

export const MAX_CPUS = 64;
export const MAX_QUEUES = 31;
export const MAX_SENDERS = 1024;
/** Payload bytes of a segment on Ethernet. */
export const SEGMENT_PAYLOAD = 1448;
