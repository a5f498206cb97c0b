import type { TrackPoint } from "../api/model";
import { h, setText, svg } from "../dom";
import { formatSpeed, formatTime } from "../format";
import { text } from "../strings";
import { nearest, type Profile, type ProfilePoint } from "./profile";

const WIDTH = 300;
const HEIGHT = 56;

/** The speed over time; pointing at it shows the place on the map. */
export class SpeedChart {
  readonly element: HTMLElement;
  readonly #drawing = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  readonly #area = svg("path", { class: "chart-area" });
  readonly #line = svg("path", { class: "chart-line" });
  readonly #hair = svg("path", { class: "chart-hair" });
  readonly #start = h("span", {});
  readonly #readout = h("p", { class: "chart-readout" });
  readonly #pointed: (point: TrackPoint | null) => void;
  #profile: Profile = { runs: [], topSpeed: undefined };

  constructor(pointed: (point: TrackPoint | null) => void) {
    this.#pointed = pointed;
    this.#drawing.append(this.#area, this.#line, this.#hair);
    this.#drawing.addEventListener("pointermove", (event) => { this.#point(event); });
    this.#drawing.addEventListener("pointerleave", () => { this.#leave(); });
    const axis = h("p", { class: "chart-axis", "aria-hidden": "true" }, this.#start, text.details.now);
    this.element = h("div", { class: "chart-box" }, this.#drawing, axis, this.#readout);
  }

  show(profile: Profile, hours: number): void {
    this.#profile = profile;
    this.#drawing.setAttribute("aria-label", text.details.profile(hours, formatSpeed(profile.topSpeed)));
    setText(this.#start, text.details.ago(text.details.hours(hours)));
    this.#line.setAttribute("d", profile.runs.map(linePath).join(""));
    this.#area.setAttribute("d", profile.runs.map(areaPath).join(""));
  }

  #point(event: PointerEvent): void {
    const { left, width } = this.#drawing.getBoundingClientRect();
    const found = nearest(this.#profile, (event.clientX - left) / width);
    if (found === null) return;
    this.#hair.setAttribute("d", `M${xOf(found)} 0V${HEIGHT}`);
    setText(this.#readout, `${formatTime(found.point.time, found.point.time)} · ${formatSpeed(found.point.speed)}`);
    this.#pointed(found.point);
  }

  #leave(): void {
    this.#hair.setAttribute("d", "");
    setText(this.#readout, "");
    this.#pointed(null);
  }
}

function xOf({ x }: ProfilePoint): string {
  return (x * WIDTH).toFixed(1);
}

function linePath(run: readonly ProfilePoint[]): string {
  return run.map((point, index) => `${index === 0 ? "M" : "L"}${xOf(point)} ${(HEIGHT - 1 - point.y * (HEIGHT - 4)).toFixed(1)}`).join("");
}

function areaPath(run: readonly ProfilePoint[]): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return "";
  return `${linePath(run)}L${xOf(last)} ${HEIGHT}L${xOf(first)} ${HEIGHT}Z`;
}
