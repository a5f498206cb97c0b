import { h, setAttribute, setText } from "../dom";
import { shownRoutes, shownTab } from "../store/shown";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";

const TABS = ["routes", "vehicles"] as const;
type Tab = (typeof TABS)[number];

/** Which list is beside the map. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #buttons = new Map<Tab, { button: HTMLButtonElement; count: HTMLElement }>();

  constructor(store: Store) {
    this.element = h("div", { class: "tabs", role: "group", "aria-label": text.routes.tabs.label });
    for (const tab of TABS) {
      const count = h("span", { class: "tab-count" });
      const press = (): void => { store.setView({ tab, query: "" }); };
      const button = h("button", { type: "button", class: "tab", "data-tab": tab, click: press }, text.routes.tabs[tab], count);
      this.#buttons.set(tab, { button, count });
      this.element.append(button);
    }
  }

  render(state: State): void {
    const chosen = shownTab(state);
    const counts: Record<Tab, number | undefined> = { routes: shownRoutes(state)?.size, vehicles: state.vehicles?.size };
    for (const [tab, { button, count }] of this.#buttons) {
      setAttribute(button, "aria-pressed", String(tab === chosen));
      setText(count, counts[tab] === undefined ? "" : String(counts[tab]));
    }
  }
}
