/** What became of a file, as the gateway reports it. Pure. */
import { fieldsOf, isOneOf, listOf, withoutNulls } from "../api/fields";

export const IMPORT_FORMATS = ["json", "csv", "vroom"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface Fault {
  readonly row?: number;
  readonly field: string;
  readonly value?: string;
  readonly problem: string;
}

export interface Note {
  readonly row?: number;
  readonly field: string;
  readonly value?: string;
  readonly note: string;
}

/** A place that a geocoder found, but not for certain. */
export interface Doubt {
  readonly row?: number;
  readonly route: string;
  readonly order?: string;
  readonly address: string;
  readonly label: string;
  readonly lat: number;
  readonly lon: number;
  readonly quality: number;
  readonly why: string;
}

export interface Column {
  readonly column: string;
  readonly field?: string;
  readonly example?: string;
}

export interface RouteImported {
  readonly route: string;
  readonly version: number;
  readonly outcome: "new" | "changed" | "unchanged";
  readonly stops: number;
  readonly vehicle: string;
  readonly date: string;
}

export interface ImportReport {
  readonly outcome: "imported" | "unchanged" | "preview" | "rejected";
  readonly routes: readonly RouteImported[];
  readonly faults: readonly Fault[];
  readonly doubtful: readonly Doubt[];
  readonly mapping: readonly Column[];
  readonly notes: readonly Note[];
}

/** @returns null if the value is no report */
export function decodeReport(value: unknown): ImportReport | null {
  const { outcome, ...lists } = fieldsOf(value);
  if (!isOneOf(["imported", "unchanged", "preview", "rejected"], outcome)) return null;
  const list = (name: string): unknown[] => listOf(lists[name]).map(withoutNulls);
  return {
    outcome, routes: list("routes"), faults: list("faults"), doubtful: list("doubtful"), mapping: list("mapping"), notes: list("notes"),
  } as unknown as ImportReport;
}

/** What is said about a file. */
export interface Wish {
  readonly format: ImportFormat;
  readonly date: string;
  readonly zone: string;
  readonly vehicle: string;
  /** Fields by column where the sender says otherwise; an empty field leaves the column out. */
  readonly mapping: ReadonlyMap<string, string>;
  readonly acceptDoubtful: boolean;
}

export function importUrl(wish: Wish, dryRun: boolean): string {
  const params = new URLSearchParams({ format: wish.format });
  for (const name of ["date", "zone", "vehicle"] as const) if (wish[name] !== "") params.set(name, wish[name]);
  if (dryRun) params.set("dry_run", "1");
  if (wish.acceptDoubtful) params.set("accept_doubtful", "1");
  if (wish.format === "csv") for (const [column, field] of wish.mapping) params.set(`map.${column}`, field);
  return `/api/v1/routes?${params.toString()}`;
}

/** How a file is written, by its name and its beginning. */
export function formatOf(name: string, beginning: string): ImportFormat {
  if (!/^\s*[[{]/.test(beginning.replace(/^\uFEFF/, "")) && !/\.json$/i.test(name)) return "csv";
  return /"(solution|unassigned|summary|steps)"\s*:/.test(beginning) ? "vroom" : "json";
}

/** The gateway takes so many bytes. */
export const MAX_BYTES = 8 * 1_024 * 1_024;

export type FileProblem = "none" | "too_large" | "empty";

export function problemOf(bytes: number): FileProblem {
  if (bytes > MAX_BYTES) return "too_large";
  return bytes === 0 ? "empty" : "none";
}

/** How many routes would be, or are, new, changed, and as they were. */
export function countOutcomes({ routes }: ImportReport): Readonly<Record<RouteImported["outcome"], number>> {
  const counts = { new: 0, changed: 0, unchanged: 0 };
  for (const { outcome } of routes) counts[outcome] += 1;
  return counts;
}
