import type { RouteDetail, RouteStop } from "../console/src/api/route-model.ts";
import type { Edit, Said } from "../console/src/editing/edits.ts";
import type { Found } from "../console/src/search/found.ts";
import type { FakeRoute } from "./route-shown.ts";

/** As many as the real gateway answers with. */
const MOST = 50;

/** Stops of which each word of the query is in the order, the name, the phone number or the address. */
export function search(routes: readonly FakeRoute[], query: string, now: number): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found: Found[] = [];
  for (const route of routes) {
    const named = route.people().filter((person) => matches(Object.values(person).join(" ").toLowerCase(), words));
    if (named.length === 0) continue;
    const detail = route.detail(now);
    for (const person of named) {
      const stop = detail.stops.find((candidate) => candidate.stop === person.stop);
      if (stop === undefined) continue;
      const { fleet, date, vehicle } = detail.route;
      const { label, execution, outcome, timeliness, eta, stops_remaining } = stop;
      found.push({
        tracking_url: "", ...person, fleet, route: detail.route.route, date, vehicle, label, execution, outcome, timeliness,
        ...(eta === undefined ? {} : { eta }), ...(stops_remaining === undefined ? {} : { stops_remaining }),
      });
      if (found.length >= MOST) return found;
    }
  }
  return found;
}

function matches(known: string, words: readonly string[]): boolean {
  return words.every((word) => known.includes(word) || known.replaceAll(" ", "").includes(word));
}

/** What planners and operators did to a fake route, laid over its day. */
export class Changes {
  version = 1;
  #vehicle: string | null = null;
  #driver: string | null = null;
  #withdrawn = false;
  #order: readonly string[] | null = null;
  readonly #cancelled = new Set<string>();
  readonly #said = new Map<string, Said>();

  edit(edits: readonly Edit[]): void {
    this.version += 1;
    for (const edit of edits) {
      if (edit.kind === "reassign") [this.#vehicle, this.#driver] = [edit.vehicle, edit.driver ?? null];
      else if (edit.kind === "cancel") this.#cancelled.add(edit.stop);
      else if (edit.kind === "withdraw") this.#withdrawn = true;
      else if (edit.kind === "reorder") this.#order = edit.stops;
    }
  }

  tap(stop: string, said: Said): void {
    if (said.said === "undone") this.#said.delete(stop);
    else this.#said.set(stop, said);
  }

  over(detail: RouteDetail): RouteDetail {
    const ranked = this.#order === null ? detail.stops : [...detail.stops].sort((a, b) => this.#rank(a) - this.#rank(b));
    const stops = ranked.map((stop, index) => this.#stop({ ...stop, sequence: index + 1 }));
    const { route } = detail;
    const driver = this.#driver ?? (this.#vehicle === null ? route.driver : undefined);
    return {
      ...detail, stops,
      route: {
        ...route, version: this.version, vehicle: this.#vehicle ?? route.vehicle, ...(driver === undefined ? {} : { driver }),
        phase: this.#withdrawn ? "withdrawn" : route.phase,
      },
    };
  }

  #rank({ stop, sequence }: RouteStop): number {
    const rank = this.#order?.indexOf(stop) ?? -1;
    return rank < 0 ? 10_000 + sequence : rank;
  }

  #stop(stop: RouteStop): RouteStop {
    if (this.#cancelled.has(stop.stop)) return { ...stop, execution: "cancelled", label: "incident" };
    const said = this.#said.get(stop.stop);
    if (said?.said === "succeeded") return { ...stop, outcome: "succeeded", label: "completed", left_with: said.left_with };
    return said?.said === "failed" ? { ...stop, outcome: "failed", label: "incident", failure: said.reason } : stop;
  }
}
