/** The day as the driver has left it: what was tapped shows at once, over what the gateway knows. */
import type { Item, QueuedTap } from "../queue/items";
import type { Day, Route, Stop } from "./model";

function withTap(stop: Stop, tap: QueuedTap): Stop {
  const bare = withoutWord(stop);
  if (tap.said === "undone") return bare;
  const word = { ...bare, outcome: tap.said, said: tap.time };
  if (tap.said === "failed") return { ...word, failure: tap.reason ?? "other" };
  return { ...word, left_with: tap.left_with ?? "recipient" };
}

function withoutWord(stop: Stop): Stop {
  const said = ["left_with", "failure", "said"];
  return { ...(Object.fromEntries(Object.entries(stop).filter(([name]) => !said.includes(name))) as unknown as Stop), outcome: "none" };
}

function withItem(stop: Stop, item: Item): Stop {
  return item.kind === "tap" ? withTap(stop, item) : { ...stop, proofs: stop.proofs + 1 };
}

function withItems(route: Route, items: readonly Item[]): Route {
  const ofRoute = items.filter((item) => item.route === route.route);
  if (ofRoute.length === 0) return route;
  const stops = route.stops.map((stop) => ofRoute.filter((item) => item.stop === stop.stop).reduce(withItem, stop));
  return { ...route, stops };
}

/** The day with what waits and what was just taken; what was refused did not happen. */
export function optimistic(day: Day, items: readonly Item[]): Day {
  const standing = items.filter(({ state }) => state !== "refused").sort((a, b) => a.n - b.n);
  return { ...day, routes: day.routes.map((route) => withItems(route, standing)) };
}
