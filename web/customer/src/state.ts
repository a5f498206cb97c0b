/** What the gateway says that the page shows: texts by their place, and the van if it may be seen. */

export interface Van {
  readonly lat: number;
  readonly lon: number;
  readonly precision: "area" | "point";
  readonly home_lat: number;
  readonly home_lon: number;
}

export interface PageState {
  readonly tone: string;
  readonly step: number;
  readonly title: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly writable: boolean;
  readonly calls: boolean;
  readonly van: Van | null;
}

/** Reads an answer; null if it is none. What is left out is false, or not there. */
export function readState(answer: unknown): PageState | null {
  if (!isRecord(answer)) return null;
  const { tone, step, title, texts, writable, calls, van } = answer;
  if (typeof tone !== "string" || typeof step !== "number" || typeof title !== "string" || !isTexts(texts)) return null;
  return { tone, step, title, texts, writable: writable === true, calls: calls === true, van: readVan(van) };
}

function readVan(van: unknown): Van | null {
  if (!isRecord(van)) return null;
  const { lat, lon, precision, home_lat, home_lon } = van;
  const places = [lat, lon, home_lat, home_lon];
  if (!places.every((degrees) => typeof degrees === "number") || (precision !== "area" && precision !== "point")) return null;
  return { lat, lon, precision, home_lat, home_lon } as Van;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}
