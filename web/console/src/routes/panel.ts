import { routeKeyOf, type Route, type RouteKey } from "../api/route-model";
import { h, setText } from "../dom";
import { SearchField } from "../list/controls";
import { manyFleets, Notice, skeleton, unmatched } from "../list/notice";
import { VirtualRows } from "../list/virtual";
import { shownNow, shownRoutes } from "../store/shown";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { CountFilter, PhaseFilter, RouteSortHeads } from "./controls";
import { arrangeRoutes, sumCounts } from "./order";
import { ROUTE_ROW_HEIGHT, RouteRow, type RouteRowContext } from "./row";

const words = text.routes.list;

/** The list of routes: what is the matter, worst first. */
export class RoutesPanel {
  readonly element: HTMLElement;
  readonly #search: SearchField;
  readonly #filter: CountFilter;
  readonly #phase: PhaseFilter;
  readonly #heads: RouteSortHeads;
  readonly #rows: VirtualRows<Route, RouteRowContext>;
  readonly #notice: Notice<NoticeKind>;
  readonly #count = h("p", { class: "list-count", role: "status" });

  constructor(store: Store) {
    this.#search = new SearchField(words, (query) => { store.setView({ query }); }, () => { this.#rows.focus(); });
    this.#filter = new CountFilter((change) => { store.setView(change); });
    this.#phase = new PhaseFilter((phase) => { store.setView({ phase }); });
    this.#heads = new RouteSortHeads((change) => { store.setView(change(store.state.view)); });
    this.#notice = new Notice(NOTICES, () => { store.setView({ query: "", label: null, lateness: null, phase: null }); });
    this.#rows = new VirtualRows<Route, RouteRowContext>({
      label: words.label,
      rowHeight: ROUTE_ROW_HEIGHT,
      idPrefix: "route",
      keyOf: (route) => routeKeyOf(route),
      make: () => new RouteRow(),
      choose: (key) => { choose(store, key); },
    });
    this.element = h(
      "section",
      { class: "list", "aria-label": words.label },
      this.#filter.element,
      h("div", { class: "search-line" }, this.#search.element, this.#phase.element),
      this.#heads.element,
      h("div", { class: "list-body" }, this.#rows.element, this.#notice.element),
      this.#count,
    );
  }

  focusSearch(): void {
    this.#search.focus();
  }

  focusRows(): void {
    this.#rows.focus();
  }

  render(state: State, wall: number): void {
    const routes = shownRoutes(state);
    const all = [...(routes?.values() ?? [])];
    const shown = arrangeRoutes(all, state.view);
    this.#search.show(state.view.query);
    this.#filter.show(state.view, sumCounts(all));
    this.#phase.show(state.view.phase);
    this.#heads.show(state.view);
    this.#rows.show(shown, state.view.route, { now: shownNow(state, wall), withFleet: manyFleets(all) });
    setText(this.#count, routes === null ? "" : words.shown(shown.length, all.length));
    this.#notice.show(noticeKind(state, routes !== null, all.length, shown.length));
  }
}

type NoticeKind = "loading" | "loadingPast" | "empty" | "emptyPast" | "unmatched";

function noticeKind(state: State, known: boolean, all: number, shown: number): NoticeKind | "none" {
  const past = state.view.at !== null;
  if (!known && past) return "loadingPast";
  if (!known) return state.vehicles === null ? "loading" : "empty";
  if (all === 0) return past ? "emptyPast" : "empty";
  return shown === 0 ? "unmatched" : "none";
}

const loading = (told: string): Node[] => skeleton(told, 7);

const NOTICES: Readonly<Record<NoticeKind | "none", (reset: () => void) => Node[]>> = {
  none: () => [],
  loading: () => loading(words.loading),
  loadingPast: () => loading(words.loadingPast),
  empty: () => [h("h2", {}, words.emptyTitle), h("p", {}, words.emptyBody), h("code", {}, words.emptyCommand)],
  emptyPast: () => [h("h2", {}, words.emptyPastTitle)],
  unmatched: (reset) => unmatched(words.noneTitle, words.noneReset, reset),
};

/** A second press on the selected row closes its panel. */
function choose(store: Store, key: RouteKey): void {
  const route = store.state.view.route === key ? null : key;
  store.setView({ route, stops: null, stop: null, selected: null, follow: false });
}
