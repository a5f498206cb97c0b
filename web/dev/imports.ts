import type { ImportReport } from "../console/src/importing/report.ts";

const KNOWN: Readonly<Record<string, string>> = {
  van: "vehicle", vehicle: "vehicle", order: "order", lat: "lat", lon: "lon", address: "address", name: "recipient", recipient: "recipient", phone: "phone", email: "email",
  proof: "proof", notify: "notify", language: "language",
};

/** What would become of a table: a row without a number for a latitude is a fault, "maybe" in an address a doubt. */
export function imported(content: string, params: URLSearchParams, known: Set<string>): { status: number; report: ImportReport } {
  const [head = "", ...rows] = content.split(/\r?\n/).filter((line) => line.trim() !== "");
  const delimiter = head.includes(";") ? ";" : ",";
  const cells = rows.map((row) => row.split(delimiter));
  const mapping = head.split(delimiter).map((column, index) => {
    const field = params.get(`map.${column}`) ?? KNOWN[column.toLowerCase()] ?? "";
    return { column, ...(field === "" ? {} : { field }), example: cells[0]?.[index] ?? "" };
  });
  const at = (name: string): number => mapping.findIndex(({ field }) => field === name);
  const cell = (row: string[], name: string): string => row[at(name)] ?? "";
  const faults = cells.flatMap((row, index) => {
    const value = cell(row, "lat");
    return value !== "" && Number.isFinite(Number(value.replace(",", "."))) ? [] : [{ row: index + 2, field: "lat", value, problem: "is no latitude: give degrees from -90 to 90, or an address" }];
  });
  const doubtful = cells.flatMap((row, index) => (cell(row, "address").includes("maybe") ? [{
    row: index + 2, route: "R-new", order: cell(row, "order"), address: cell(row, "address"), label: "Kaivokatu, Helsinki", lat: 60.1699, lon: 24.9384,
    quality: 0.6, why: "a street, not a house",
  }] : []));
  const base = { faults, doubtful, mapping, notes: [{ field: "start", note: "no start is given: 08:00 is taken" }] };
  const accepted = doubtful.length === 0 || params.get("accept_doubtful") === "1";
  if (faults.length > 0 || !accepted) return { status: 422, report: { outcome: "rejected", routes: [], ...base } };
  const vehicles = [...new Set(cells.map((row) => cell(row, "vehicle") || (params.get("vehicle") ?? "van-1")))];
  const date = params.get("date") ?? "2026-11-24";
  const routes = vehicles.map((vehicle) => {
    const route = `${date}_${vehicle}`;
    const stops = cells.filter((row) => (cell(row, "vehicle") || (params.get("vehicle") ?? "van-1")) === vehicle).length;
    return { route, version: 1, outcome: known.has(route) ? ("unchanged" as const) : ("new" as const), stops, vehicle, date };
  });
  if (params.get("dry_run") === "1") return { status: 200, report: { outcome: "preview", routes, ...base } };
  for (const { route } of routes) known.add(route);
  return { status: 200, report: { outcome: routes.some(({ outcome }) => outcome === "new") ? "imported" : "unchanged", routes, ...base } };
}
