/** Constants that no importer can change: a program that pushes to a list of this package fails where it does so. */

/** Returns the value itself, which together with all objects and arrays in it is frozen from then on. */
export function frozen<const Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
