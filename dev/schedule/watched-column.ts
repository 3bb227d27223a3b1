/**
 * A column of a machine whose every plain access is a scheduling point: between the load and the store of an update
 * that is not atomic, and between the stores that publish something, another CPU may run. It is slow, so only some
 * machines have such columns. A method of the column (`fill`, `slice`) is one access, and no point.
 */

type Column = Int32Array | Float64Array | Uint8Array;

const UNWATCHED: unique symbol = Symbol('the column itself');
// Above the kinds of atomic operations, see `Points`.
const LOAD = 16;
const STORE = 17;
const ZERO = 48;
const NINE = 57;

/** Calls `pass` before each access, with a number for the word and for whether it is a load or a store. */
export function watched<Given extends Column>(column: Given, pass: (operation: number) => void): Given {
  const operationOf = (key: string | symbol) => (column.byteOffset + Number(key) * column.BYTES_PER_ELEMENT) * 2;
  return new Proxy(column, {
    get(target, key) {
      if (key === UNWATCHED) return target;
      if (isIndex(key)) {
        pass(operationOf(key) + LOAD);
        return target[key as unknown as number];
      }
      const value = Reflect.get(target, key, target) as unknown;
      if (key === 'subarray') return (from: number, to?: number) => watched(target.subarray(from, to) as Given, pass);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value) {
      pass(operationOf(key) + STORE);
      target[key as unknown as number] = value;
      return true;
    },
  });
}

/** Returns the column itself, for functions that do not accept a proxy. */
export function unwatched<Given extends Column>(column: Given): Given {
  return (column as Given & { [UNWATCHED]?: Given })[UNWATCHED] ?? column;
}

/** A proxy is given indices as text. */
function isIndex(key: string | symbol): boolean {
  if (typeof key === 'symbol') return false;
  const code = key.charCodeAt(0);
  return code >= ZERO && code <= NINE;
}
