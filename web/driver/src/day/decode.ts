/** From JSON of unknown shape to a day: what does not fit is left out, never guessed. */
import type { Day, Route, Stop } from "./model";

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  const fields = typeof value === "object" && value !== null ? (value as Fields) : {};
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== null));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function are(type: "string" | "number", fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === type);
}

function decodeStop(value: unknown): Stop | null {
  const fields = fieldsOf(value);
  const whole = are("string", fields, "stop", "order", "execution", "outcome") && are("number", fields, "sequence", "lat", "lon", "planned_arrival");
  return whole ? ({ proofs: 0, ...fields } as unknown as Stop) : null;
}

function decodeRoute(value: unknown): Route | null {
  const fields = fieldsOf(value);
  const whole = are("string", fields, "route", "vehicle", "zone", "phase") && are("number", fields, "version", "start", "planned_end");
  if (!whole) return null;
  const stops = listOf(fields["stops"]).map(decodeStop).filter((stop) => stop !== null);
  const left = listOf(fields["left"]).filter((name) => typeof name === "string");
  return { ...({ tracker: "none", ...fields } as unknown as Route), stops, left };
}

/** A day, or null if this is none. */
export function decodeDay(value: unknown): Day | null {
  const fields = fieldsOf(value);
  if (!are("string", fields, "fleet", "driver") || !are("number", fields, "now")) return null;
  const company = fieldsOf(fields["company"]);
  const routes = listOf(fields["routes"]).map(decodeRoute).filter((route) => route !== null);
  const { shift, ...rest } = fields;
  const span = fieldsOf(shift);
  const followed = are("string", span, "vehicle") && are("number", span, "begin", "end");
  return {
    ...(rest as unknown as Day),
    company: { ...company, name: typeof company["name"] === "string" ? company["name"] : "" },
    routes,
    ...(followed ? { shift: span as unknown as NonNullable<Day["shift"]> } : {}),
  };
}
