import type { ApiClient } from "../api/client";
import { decodeConfig } from "../api/decode";
import { DetailsPanel } from "../details/panel";
import { TrackLoader } from "../details/track-loader";
import { h, isTyping } from "../dom";
import { DriverPhone } from "../doorstep/phone-dialog";
import { Editor } from "../editing/editor";
import { ImportPanel } from "../importing/panel";
import { ListPanel } from "../list/panel";
import { MapPanel } from "../map/panel";
import { OutboxPanel } from "../outbox/panel";
import { ReplayBar } from "../replay/bar";
import { PastLoader } from "../replay/past-loader";
import { RoundLoader } from "../round/loader";
import { RoundPanel } from "../round/panel";
import { RoutesPanel } from "../routes/panel";
import { OrderSearch } from "../search/panel";
import { shownTab } from "../store/shown";
import { Store } from "../store/store";
import type { State } from "../store/state";
import { viewFromQuery } from "../store/view";
import { LiveStream } from "../stream/live";
import { Address } from "./address";
import { Banner } from "./banner";
import { Header } from "./header";
import { Tabs } from "./tabs";

/** Ages are shown in seconds. */
const TICK_MS = 1_000;

/** The console with a token: parts, and what flows between them. */
export class Console {
  readonly element: HTMLElement;
  readonly #store = new Store(viewFromQuery(location.search));
  readonly #client: ApiClient;
  readonly #stream: LiveStream;
  readonly #list: ListPanel;
  readonly #routes: RoutesPanel;
  readonly #round: RoundPanel;
  readonly #orders: OrderSearch;
  readonly #rounds: RoundLoader;
  readonly #map: MapPanel;
  readonly #unauthorized: () => void;
  readonly #end = new AbortController();

  constructor(client: ApiClient, unauthorized: () => void) {
    this.#client = client;
    this.#unauthorized = unauthorized;
    this.#stream = new LiveStream(client, this.#listener());
    this.#list = new ListPanel(this.#store);
    this.#routes = new RoutesPanel(this.#store);
    this.#map = new MapPanel(this.#store);
    this.#rounds = new RoundLoader(this.#store, client);
    this.#round = new RoundPanel(this.#store, client, {
      showPlace: (place) => { this.#map.show(place); },
      showDrive: () => { this.#map.showDrive(); },
      retry: () => { this.#rounds.reload(); },
    });
    this.#orders = new OrderSearch(this.#store, client);
    this.element = this.#assemble();
  }

  /** Connects, and shows the map when the list has been drawn. */
  async start(): Promise<void> {
    const { signal } = this.#end;
    const ticking = setInterval(() => { this.#store.touch(); }, TICK_MS);
    signal.addEventListener("abort", () => { clearInterval(ticking); });
    document.addEventListener("keydown", (event) => { this.#key(event); }, { signal });
    addEventListener("popstate", () => { this.#store.setView(viewFromQuery(location.search)); }, { signal });
    addEventListener("online", () => { this.#stream.retryNow(); }, { signal });
    void this.#stream.run();
    await this.#map.start(await this.#styleUrl());
  }

  stop(): void {
    this.#end.abort();
    this.#stream.stop();
  }

  #listener(): ConstructorParameters<typeof LiveStream>[1] {
    return {
      heard: (message) => { this.#store.dispatch({ kind: "heard", message, wall: performance.now() }); },
      lost: (reason, retryInMs) => {
        this.#store.dispatch({ kind: "lost", reason, retryAt: performance.now() + retryInMs });
      },
      unauthorized: () => { this.#unauthorized(); },
    };
  }

  #assemble(): HTMLElement {
    const tracks = new TrackLoader(this.#store, this.#client);
    const outbox = new OutboxPanel(this.#client);
    const header = new Header(outbox.button, new ImportPanel(this.#store, this.#client, (place) => { this.#map.show(place); }).button);
    const banner = new Banner(() => { this.#stream.retryNow(); });
    const details = new DetailsPanel(this.#store, this.#client, {
      pointed: (point) => { this.#map.showCursor(point); },
      retry: () => { tracks.reload(); },
    });
    const address = new Address(this.#store.state.view);
    const tabs = new Tabs(this.#store);
    const past = new PastLoader(this.#store, this.#client);
    const replay = new ReplayBar(this.#store);
    const editor = new Editor(this.#store, this.#client, this.#round.routeActions, this.#round.stopActions);
    const phone = new DriverPhone(this.#store, this.#client, this.#round.routeActions);
    this.#map.element.append(replay.element);
    const side = h("aside", { class: "side" }, header.element, this.#orders.button, tabs.element, this.#routes.element, this.#list.element);
    const page = h("div", { class: "console" }, banner.element, side, this.#map.element, details.element, this.#round.element);
    this.#store.watch((state, before) => {
      const wall = performance.now();
      page.dataset["link"] = state.link.phase;
      page.classList.toggle("with-details", state.view.selected !== null);
      page.classList.toggle("with-round", state.view.route !== null);
      header.render(state);
      banner.render(state, wall);
      tabs.render(state);
      this.#renderList(state, wall);
      details.render(state, wall);
      this.#round.render(state, wall);
      this.#map.render(state, before);
      tracks.render(state, before);
      this.#rounds.render(state, before);
      past.render(state);
      replay.render(state, wall);
      editor.render(state);
      phone.render(state);
      outbox.render(state, wall);
      this.#orders.render(state, wall);
      page.classList.toggle("looking-back", state.view.at !== null);
      address.render(state);
    });
    return page;
  }

  /** Only the list that is on the screen costs time. */
  #renderList(state: State, wall: number): void {
    const tab = shownTab(state);
    this.#routes.element.hidden = tab !== "routes";
    this.#list.element.hidden = tab !== "vehicles";
    this.#shownList(state).render(state, wall);
  }

  #shownList(state: State): ListPanel | RoutesPanel {
    return shownTab(state) === "routes" ? this.#routes : this.#list;
  }

  async #styleUrl(): Promise<string | null> {
    try {
      return decodeConfig(await this.#client.json("/api/v1/console", this.#end.signal)).styleUrl;
    } catch {
      return null; // the stream says what is wrong; the map goes on without streets
    }
  }

  /** `/` searches the list, `o` an order; `j` and `k` go into the list, Esc closes the stop, then the panel. */
  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") !== null) return; // it may have lost the focus, and is still in front
    if (event.key === "Escape") this.#closeOne();
    if (isTyping(event.target)) return;
    const list = this.#shownList(this.#store.state);
    if (event.key === "/") list.focusSearch();
    else if (event.key === "o") this.#orders.open();
    else if (event.key === "j" || event.key === "k") list.focusRows();
    else return;
    event.preventDefault();
  }

  #closeOne(): void {
    const { stop } = this.#store.state.view;
    this.#store.setView(stop === null ? { selected: null, follow: false, route: null, stops: null } : { stop: null });
  }
}
