/** JSON of unknown shape, looked at with care. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

export function isOneOf(choices: readonly string[], value: unknown): boolean {
  return typeof value === "string" && choices.includes(value);
}

/** Whether all these fields are text. */
export function areTexts(fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === "string");
}

/** Whether all these fields are numbers. */
export function areNumbers(fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => isNumber(fields[name]));
}

/** Whether `lat` and `lon` are a place on the earth. */
export function isPlaced({ lat, lon }: Fields): boolean {
  return isNumber(lat) && isNumber(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}

/** Leave out what is null, so that "absent" has one form. */
export function withoutNulls(value: unknown): Fields {
  return Object.fromEntries(Object.entries(fieldsOf(value)).filter(([, field]) => field !== null));
}
