import { keyOf, type Vehicle, type VehicleKey } from "../api/model";
import { h, setText } from "../dom";
import { serverNow } from "../store/clock";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { SearchField, SortHeads, StateFilter } from "./controls";
import { manyFleets, Notice, skeleton, unmatched } from "./notice";
import { arrange, countStates } from "./order";
import { Row, ROW_HEIGHT, type RowContext } from "./row";
import { VirtualRows } from "./virtual";

/** The list beside the map: filters, columns, rows. */
export class ListPanel {
  readonly element: HTMLElement;
  readonly #search: SearchField;
  readonly #states: StateFilter;
  readonly #heads: SortHeads;
  readonly #rows: VirtualRows<Vehicle, RowContext>;
  readonly #notice: Notice<NoticeKind>;
  readonly #count = h("p", { class: "list-count", role: "status" });

  constructor(store: Store) {
    this.#search = new SearchField(
      text.list,
      (query) => { store.setView({ query }); },
      () => { this.#rows.focus(); },
    );
    this.#states = new StateFilter((state) => { store.setView({ state }); });
    this.#heads = new SortHeads((change) => { store.setView(change(store.state.view)); });
    this.#rows = new VirtualRows<Vehicle, RowContext>({
      label: text.list.label,
      rowHeight: ROW_HEIGHT,
      idPrefix: "row",
      keyOf: (vehicle) => keyOf(vehicle),
      make: () => new Row(),
      choose: (key) => { choose(store, key); },
    });
    this.#notice = new Notice(NOTICES, () => { store.setView({ query: "", state: null }); });
    this.element = h(
      "section",
      { class: "list", "aria-label": text.list.label },
      this.#states.element,
      this.#search.element,
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
    const all = state.vehicles === null ? [] : [...state.vehicles.values()];
    const shown = arrange(all, state.view);
    this.#search.show(state.view.query);
    this.#states.show(state.view.state, countStates(all));
    this.#heads.show(state.view);
    this.#rows.show(shown, state.view.selected, { now: serverNow(state.clock, wall), withFleet: manyFleets(all) });
    setText(this.#count, state.vehicles === null ? "" : text.list.shown(shown.length, all.length));
    this.#notice.show(noticeKind(state, all.length, shown.length));
  }
}

type NoticeKind = "loading" | "empty" | "unmatched";

function noticeKind(state: State, all: number, shown: number): NoticeKind | "none" {
  if (state.vehicles === null) return "loading";
  if (all === 0) return "empty";
  return shown === 0 ? "unmatched" : "none";
}

const NOTICES: Record<NoticeKind | "none", (reset: () => void) => Node[]> = {
  none: () => [],
  loading: () => skeleton(text.list.loading, 8),
  empty: () => [
    h("h2", {}, text.list.emptyTitle),
    h("p", {}, text.list.emptyBody),
    h("code", {}, text.list.emptyCommand),
    h("p", {}, text.list.emptyNext),
    h("code", {}, text.list.emptyDemo),
  ],
  unmatched: (reset) => unmatched(text.list.noneTitle, text.list.noneReset, reset),
};

/** A second press on the selected row closes its details. */
function choose(store: Store, key: VehicleKey): void {
  const selected = store.state.view.selected === key ? null : key;
  store.setView({ selected, route: null, stops: null, stop: null, follow: selected !== null && store.state.view.follow });
}
