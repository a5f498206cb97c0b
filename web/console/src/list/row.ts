import { keyOf, type Vehicle, type VehicleKey } from "../api/model";
import { h, setAttribute, setText } from "../dom";
import { formatAge, toKmh } from "../format";
import { stateMark } from "../icons";
import { text } from "../strings";

/** Height of a row in CSS pixels; the style sheet's `--row` says the same. */
export const ROW_HEIGHT = 42;

/** What a row shows beside its vehicle. */
export interface RowContext {
  readonly now: number | null;
  readonly withFleet: boolean;
}

/** One row of the list, used again for whichever vehicle stands there. */
export class Row {
  readonly element: HTMLElement;
  key: VehicleKey = "";
  readonly #mark = stateMark();
  readonly #name = h("span", { class: "row-name" });
  readonly #state = h("span", { class: "row-state" });
  readonly #speed = h("span", { class: "row-speed" });
  readonly #age = h("span", { class: "row-age" });

  constructor() {
    const who = h("span", { class: "row-who" }, this.#name, this.#state);
    this.element = h("div", { class: "row" }, this.#mark, who, this.#speed, h("span", { class: "visually-hidden" }, text.list.speedUnit), h("span", { class: "visually-hidden" }, text.list.dataAge), this.#age);
  }

  show(vehicle: Vehicle, { now, withFleet }: RowContext): void {
    this.key = keyOf(vehicle);
    const name = withFleet ? this.key : vehicle.vehicle;
    const age = formatAge(now, vehicle.time);
    setAttribute(this.element, "data-state", vehicle.state);
    this.#mark.classList.toggle("with-heading", vehicle.course !== undefined);
    this.#mark.style.transform = `rotate(${Math.round(vehicle.course ?? 0)}deg)`;
    setText(this.#name, name);
    setText(this.#state, stateLine(vehicle, now));
    setText(this.#speed, vehicle.speed === undefined ? text.unknown : String(toKmh(vehicle.speed)));
    setText(this.#age, age);
  }
}

function stateLine(vehicle: Vehicle, now: number | null): string {
  const since = formatAge(now, vehicle.since);
  return since === "" ? text.state[vehicle.state] : `${text.state[vehicle.state]} ${text.list.since(since)}`;
}
