import type { State } from "../store/state";
import { queryFromView, type View } from "../store/view";

/** Browsers refuse more than some hundred changes of the address in half a minute; a look back that plays makes more. */
const REST_MS = 400;

/** Keeps the view in the address; the way back leads from vehicle to route to vehicle, not through each letter of a search. */
export class Address {
  #view: View;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(view: View) {
    this.#view = view;
  }

  render({ view }: State): void {
    if (view === this.#view) return;
    const before = this.#view;
    this.#view = view;
    if (isStep(view, before)) this.#write("push");
    else if (view.at === before.at || view.at === null) this.#write("replace");
    else this.#timer ??= setTimeout(() => { this.#write("replace"); }, REST_MS);
  }

  #write(how: "push" | "replace"): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const query = queryFromView(this.#view);
    if (query === location.search) return;
    const address = location.pathname + query;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }
}

/** Whether somebody went on to something else. */
function isStep(view: View, before: View): boolean {
  return view.selected !== before.selected || view.route !== before.route || view.tab !== before.tab;
}
