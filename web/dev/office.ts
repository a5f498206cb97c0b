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
