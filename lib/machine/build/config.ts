/**
 * The configuration of a machine: everything that decides how it is laid out and what it does, as plain data that
 * crosses threads. The table in `knobs.ts` declares each value; `MachineConfig` has their types; this file derives the
 * defaults and the checks from the table, and checks what one value requires of others.
 */
import { DESIGN_OPTIONS } from '../../designs/design.js';
import { ALL_DESIGN_NAMES, designOf } from '../../designs/designs.js';
import { CopytaxError } from '../../errors.js';
import { checkOptions, nearest, outOfRange, powerOfTwo, shown, unknownOption, within } from '../../limits.js';
import { MAX_DATAGRAM } from '../../net/datagram-path.js';
import type { MachineConfig, MachineOptions } from './choices.js';
import { type Knob, type KnobValue, requireKnob } from './knob.js';
import { KNOBS } from './knobs.js';

type GroupValues<Rows> = { readonly [Key in keyof Rows]: Rows[Key] extends Knob ? KnobValue<Rows[Key]> : never };
/** What the rows of a table say of a configuration. */
type Values<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Knob ? KnobValue<Table[Key]> : GroupValues<Table[Key]>;
};

export type { CpuOptions, MachineConfig, MachineOptions } from './choices.js';

type Plain = Readonly<Record<string, unknown>>;
type Group = Readonly<Record<string, Knob>>;

const TABLE: Readonly<Record<string, Knob | Group>> = KNOBS;
const isKnob = (entry: Knob | Group): entry is Knob => typeof entry.help === 'string';

/**
 * Returns the configuration with these values, and the table's defaults for all others. Values of a later argument
 * replace those of an earlier one, each by itself: `machineConfig(config, { slotPool: { bytes: 1 << 20 } })` is
 * `config` with a smaller slot pool.
 * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO, naming the value as `slotPool.bytes`; ERR_UNKNOWN_OPTION;
 * ERR_KERNEL_UNSUPPORTED for the name of a copy kernel that this host does not support
 */
export function machineConfig(...options: readonly MachineOptions[]): MachineConfig {
  const config: MachineConfig = withDefaults(mergeOptions(...options));
  requireKnobs(config);
  requireOptionsOf(config);
  requireTogether(config);
  return config;
}

/**
 * Merges options: values of a later argument replace those of an earlier one, each by itself.
 * @throws ERR_UNKNOWN_OPTION, ERR_OUT_OF_RANGE for what is no object
 */
export function mergeOptions(...options: readonly MachineOptions[]): MachineOptions {
  const merged: Record<string, unknown> = {};
  for (const option of options) {
    if (!isPlain(option))
      throw outOfRange(`options must be an object of ${Object.keys(TABLE).join(', ')}, not ${shown(option)}`);
    for (const [key, value] of Object.entries(option)) {
      const entry = Object.hasOwn(TABLE, key) ? TABLE[key]! : unknown(key);
      if (value === undefined) continue;
      merged[key] = isKnob(entry) ? value : { ...(merged[key] as Plain), ...groupOf(key, entry, value) };
    }
  }
  return merged;
}

function groupOf(name: string, group: Group, values: unknown): Plain {
  const keys = Object.keys(group);
  if (!isPlain(values)) throw outOfRange(`${name} must be an object of ${keys.join(', ')}, not ${shown(values)}`);
  checkOptions(name, values, keys);
  return values;
}

/** True for an object as literals make them: a Map, for one, would lose what it holds. */
function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Refuses an unknown name, and says where it belongs if it is one of a group. */
function unknown(key: string): never {
  const group = Object.entries(TABLE).find(([, entry]) => !isKnob(entry) && Object.hasOwn(entry, key));
  const hint = group && `it belongs into a group: write { ${group[0]}: { ${key}: ... } }.`;
  throw unknownOption('a machine', key, Object.keys(TABLE), hint);
}

/**
 * Refuses a configuration that has other groups or names than machineConfig() gives it. Values are not looked at.
 * @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE for what is no configuration
 */
export function requireConfig(config: MachineConfig): void {
  const made = 'a configuration is made by machineConfig()';
  if (!isPlain(config)) throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${made}: ${shown(config)} is none`);
  checkOptions('a machine', config, Object.keys(TABLE));
  for (const [name, entry] of Object.entries(TABLE)) {
    if (isKnob(entry)) continue;
    const group = config[name as keyof MachineConfig];
    if (!isPlain(group)) throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${made}: this one has no ${name}`);
    checkOptions(name, group, Object.keys(entry));
  }
}

/** Its type, and that of the parameter of `requireOptionsOf`, make the table and `MachineConfig` agree. */
function withDefaults(given: Plain): Values<typeof KNOBS> {
  const config: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(TABLE)) {
    config[key] = isKnob(entry) ? defaulted(entry, given[key], {}) : defaultsOf(entry, (given[key] ?? {}) as Plain);
  }
  return config as Values<typeof KNOBS>;
}

/** A row stands behind those that its default is computed from. */
function defaultsOf(group: Group, given: Plain): Plain {
  const values: Record<string, unknown> = {};
  for (const [key, knob] of Object.entries(group)) {
    values[key] = defaulted(knob, given[key], values);
  }
  return values;
}

function defaulted(knob: Knob, value: unknown, group: Plain): unknown {
  if (typeof value === 'string' && 'numberOf' in knob) return knob.numberOf?.(value);
  if (value !== undefined) return value;
  return typeof knob.default === 'function' ? knob.default(group) : knob.default;
}

function requireKnobs(config: MachineConfig): void {
  for (const [name, entry] of Object.entries(TABLE)) {
    const value = config[name as keyof MachineConfig];
    if (isKnob(entry)) requireKnob(name, entry, value);
    else {
      for (const [key, knob] of Object.entries(entry)) requireKnob(`${name}.${key}`, knob, (value as Plain)[key]);
    }
  }
}

/** Refuses values, other than the default, of a group that only other designs read. */
function requireOptionsOf(config: Values<typeof KNOBS>): void {
  for (const name of DESIGN_OPTIONS) {
    const readers = ALL_DESIGN_NAMES.filter((design) => designOf(design).options?.includes(name));
    if ((readers as readonly string[]).includes(config.design)) continue;
    const group: Group = KNOBS[name];
    const usual = defaultsOf(group, {});
    const given: Plain = config[name];
    const key = Object.keys(group).find((one) => given[one] !== usual[one]);
    if (key === undefined) continue;
    const best = nearest(config.design, readers);
    const message = `${name}.${key} is an option of ${readers.join(', ')}: did you mean design '${best}'?`;
    throw outOfRange(`design '${config.design}' has no such option; ${message}`);
  }
}

/** Checks what one value requires of others. */
function requireTogether({ cpus, sockets, devices, slotPool }: MachineConfig): void {
  const { traffic, senders, messageBytes, userOffsetBytes, userBufferBytes } = sockets;
  for (const cpu of cpus.irqCpus ?? []) within('cpus.irqCpus', cpu, 0, cpus.count - 1);
  if (slotPool.areas !== 0) powerOfTwo('slotPool.areas', slotPool.areas);
  if (traffic === 'datagram') within('sockets.messageBytes', messageBytes, 1, MAX_DATAGRAM);
  requireAtMost('sockets.zeroCopySenders', sockets.zeroCopySenders, 'sockets.senders', senders);
  requireAtMost('sockets.privateSenders', sockets.privateSenders, 'sockets.senders', senders);
  requireAtMost('devices.count', devices.count, 'devices.queues', devices.queues);
  requireAtMost('devices.direct', devices.direct, 'devices.count', devices.count);
  if (userBufferBytes < messageBytes + userOffsetBytes) {
    const needed = `sockets.messageBytes + sockets.userOffsetBytes, which is ${messageBytes + userOffsetBytes}`;
    throw outOfRange(`sockets.userBufferBytes must be at least ${needed}, not ${userBufferBytes}`);
  }
  if (sockets.sendBitsPerSecond === Infinity && (traffic === 'paced' || traffic === 'app-limited')) {
    throw outOfRange(`sockets.sendBitsPerSecond must be finite where sockets.traffic is '${traffic}'`);
  }
}

function requireAtMost(name: string, value: number, limitName: string, limit: number): void {
  if (value > limit) throw outOfRange(`${name} must be at most ${limitName}, which is ${limit}, not ${value}`);
}

/**
 * Refuses a value that `slotPool.pagePercent` cannot have.
 * @throws ERR_OUT_OF_RANGE
 */
export function requirePagePercent(percent: number): void {
  requireKnob('slotPool.pagePercent', KNOBS.slotPool.pagePercent, percent);
}
