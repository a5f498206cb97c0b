import type { ApiClient } from "../api/client";
import type { TrackPoint } from "../api/model";
import { h, setAttribute, setText } from "../dom";
import { formatSpeed } from "../format";
import { SPEED_STEPS } from "../map/speeds";
import { serverNow } from "../store/clock";
import type { State, Track } from "../store/state";
import type { Store } from "../store/store";
import { TRACK_HOURS, type TrackHours } from "../store/view";
import { text } from "../strings";
import { SpeedChart } from "./chart";
import { ExportButtons, type ExportRange } from "./exports";
import { speedProfile, type Profile } from "./profile";

/** What the section does beside changing the view. */
export interface TrackActions {
  pointed(point: TrackPoint | null): void;
  retry(): void;
}

/** The track of the last hours: how many, its speeds, the files. */
export class TrackSection {
  readonly element: HTMLElement;
  readonly #hours = new Map<TrackHours, HTMLButtonElement>();
  readonly #status = h("p", { class: "track-status", role: "status" });
  readonly #retry: HTMLButtonElement;
  readonly #chart: SpeedChart;
  readonly #legend = speedLegend();
  #shown: Track | null = null;

  constructor(store: Store, client: ApiClient, actions: TrackActions) {
    this.#chart = new SpeedChart((point) => { actions.pointed(point); });
    this.#retry = h("button", { type: "button", class: "button", click: () => { actions.retry(); } }, text.details.retry);
    const exports = new ExportButtons(client, () => exportRange(store.state));
    this.element = h(
      "section",
      { class: "track" },
      h("header", { class: "track-head" }, h("h3", {}, text.details.track), this.#hourButtons(store)),
      this.#chart.element,
      this.#status,
      this.#retry,
      this.#legend,
      exports.element,
    );
  }

  render({ track, view, clock }: State, wall: number): void {
    for (const [hours, button] of this.#hours) setAttribute(button, "aria-pressed", String(hours === view.hours));
    if (track === this.#shown) return;
    this.#shown = track;
    const now = serverNow(clock, wall) ?? 0;
    const points = track.phase === "loaded" ? track.points : [];
    const profile = speedProfile(points, now - view.hours * 3_600_000, Math.max(now, points.at(-1)?.time ?? 0));
    this.#chart.show(profile, view.hours);
    this.#chart.element.hidden = points.length === 0;
    this.#legend.hidden = points.length === 0;
    this.#retry.hidden = track.phase !== "failed";
    setText(this.#status, statusText(track, profile));
  }

  #hourButtons(store: Store): HTMLElement {
    for (const hours of TRACK_HOURS) {
      const attributes = { type: "button", "data-hours": hours, click: () => { store.setView({ hours }); } };
      this.#hours.set(hours, h("button", attributes, text.details.hours(hours)));
    }
    return h("div", { class: "segmented", role: "group", "aria-label": text.details.hoursLabel }, ...this.#hours.values());
  }
}

function statusText(track: Track, { topSpeed }: Profile): string {
  switch (track.phase) {
    case "none":
      return "";
    case "loading":
      return text.details.trackLoading;
    case "failed":
      return `${text.details.trackFailed} ${track.detail}`;
    case "loaded":
      if (track.points.length === 0) return text.details.trackEmpty;
      return `${text.details.positions(track.points.length)}, ${text.details.topSpeed(formatSpeed(topSpeed))}`;
  }
}

function exportRange({ view, clock }: State): ExportRange | null {
  const now = serverNow(clock, performance.now());
  if (view.selected === null || now === null) return null;
  return { key: view.selected, from: now - view.hours * 3_600_000, to: now };
}

function speedLegend(): HTMLElement {
  const steps = SPEED_STEPS.map(({ from, colour }) => {
    const swatch = h("i", {});
    swatch.style.background = colour;
    return h("li", {}, swatch, from === 0 ? "0" : String(from));
  });
  return h("ol", { class: "legend", "aria-label": text.details.speedScale }, ...steps, h("li", { class: "legend-unit" }, "km/h"));
}
