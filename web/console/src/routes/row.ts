import { routeKeyOf, type Route, type RouteKey } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { text } from "../strings";
import { clockWindow } from "../zoned";
import { CountsBar } from "./bar";
import { GradeMark, labelMark } from "./marks";
import { doneOf } from "./order";
import { formatDelay, gradeOf, NOTED_DELAY_MS, reasonOf } from "./words";

/** Height of a row in CSS pixels; the style sheet's `--route-row` says the same. */
export const ROUTE_ROW_HEIGHT = 68;

export interface RouteRowContext {
  readonly now: number | null;
  readonly withFleet: boolean;
}

const words = text.routes.list;

/** One route: what is the matter, how far it is, what comes next. */
export class RouteRow {
  readonly element: HTMLElement;
  key: RouteKey = "";
  #shown: Route | null = null;
  #shownNow: number | null = null;
  readonly #mark = new GradeMark();
  readonly #name = h("span", { class: "route-name" });
  readonly #grade = h("span", { class: "visually-hidden" });
  readonly #who = h("span", { class: "route-who" });
  readonly #delay = h("span", { class: "route-delay" });
  readonly #reason = h("span", { class: "route-reason" });
  readonly #bar = new CountsBar();
  readonly #done = h("span", { class: "route-done" });
  readonly #incidents = h("span", { class: "route-incidents" });
  readonly #incidentCount = h("span");
  readonly #next = h("span", { class: "route-next" });

  constructor() {
    this.#incidents.append(labelMark("incident"), this.#incidentCount);
    this.element = h(
      "div",
      { class: "row route-row" },
      this.#mark.element,
      h("span", { class: "route-head" }, this.#name, this.#who, this.#delay),
      this.#grade,
      this.#reason,
      h("span", { class: "route-progress" }, this.#bar.element, this.#done, h("span", { class: "visually-hidden" }, words.stopsDone), this.#incidents, this.#next),
    );
  }

  show(route: Route, { now, withFleet }: RouteRowContext): void {
    const minute = now === null ? null : Math.floor(now / 1_000);
    if (route === this.#shown && minute === this.#shownNow) return;
    [this.#shown, this.#shownNow] = [route, minute];
    this.key = routeKeyOf(route);
    const name = withFleet ? this.key : route.route;
    setText(this.#name, name);
    setText(this.#who, route.driver === undefined ? route.vehicle : `${route.vehicle} · ${route.driver}`);
    this.#showState(route, now);
    this.#showProgress(route);
  }

  #showState(route: Route, now: number | null): void {
    const grade = gradeOf(route);
    const reason = reasonOf(route, now);
    setAttribute(this.element, "data-grade", grade);
    setText(this.#grade, text.routes.grades[grade]);
    this.#mark.show(grade);
    setText(this.#reason, reason);
    setAttribute(this.#reason, "title", reason);
    const delay = route.phase === "under_way" ? route.delay_ms : undefined;
    setText(this.#delay, formatDelay(delay));
    setAttribute(this.#delay, "data-late", String((delay ?? 0) >= NOTED_DELAY_MS));
  }

  #showProgress(route: Route): void {
    this.#bar.show(route.counts);
    setText(this.#done, words.done(doneOf(route), route.stops_total));
    this.#incidents.hidden = route.counts.incident === 0;
    setText(this.#incidentCount, String(route.counts.incident));
    const eta = route.next?.eta;
    setText(this.#next, eta === undefined ? "" : clockWindow(eta.p10, eta.p90, route.zone));
  }
}
