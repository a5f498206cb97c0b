import type { ApiClient } from "../api/client";
import { decodeConfig } from "../api/decode";
import { DetailsPanel } from "../details/panel";
import { TrackLoader } from "../details/track-loader";
import { h, isTyping } from "../dom";
import { ListPanel } from "../list/panel";
import { MapPanel } from "../map/panel";
import { Store } from "../store/store";
import { queryFromView, viewFromQuery, type View } from "../store/view";
import { LiveStream } from "../stream/live";
import { Banner } from "./banner";
import { Header } from "./header";

/** Ages are shown in seconds. */
const TICK_MS = 1_000;

/** The console with a token: parts, and what flows between them. */
export class Console {
  readonly element: HTMLElement;
  readonly #store = new Store(viewFromQuery(location.search));
  readonly #client: ApiClient;
  readonly #stream: LiveStream;
  readonly #list: ListPanel;
  readonly #map: MapPanel;
  readonly #unauthorized: () => void;
  readonly #end = new AbortController();

  constructor(client: ApiClient, unauthorized: () => void) {
    this.#client = client;
    this.#unauthorized = unauthorized;
    this.#stream = new LiveStream(client, this.#listener());
    this.#list = new ListPanel(this.#store);
    this.#map = new MapPanel(this.#store);
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
    const header = new Header();
    const banner = new Banner(() => { this.#stream.retryNow(); });
    const details = new DetailsPanel(this.#store, this.#client, {
      pointed: (point) => { this.#map.showCursor(point); },
      retry: () => { tracks.reload(); },
    });
    const side = h("aside", { class: "side" }, header.element, this.#list.element);
    const page = h("div", { class: "console" }, banner.element, side, this.#map.element, details.element);
    this.#store.watch((state, before) => {
      const wall = performance.now();
      page.dataset["link"] = state.link.phase;
      page.classList.toggle("with-details", state.view.selected !== null);
      header.render(state);
      banner.render(state, wall);
      this.#list.render(state, wall);
      details.render(state, wall);
      this.#map.render(state, before);
      tracks.render(state, before);
      if (state.view !== before.view) remember(state.view, before.view);
    });
    return page;
  }

  async #styleUrl(): Promise<string | null> {
    try {
      return decodeConfig(await this.#client.json("/api/v1/console", this.#end.signal)).styleUrl;
    } catch {
      return null; // the stream says what is wrong; the map goes on without streets
    }
  }

  /** `/` searches; Esc closes the details. */
  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      this.#list.focusSearch();
    } else if (event.key === "Escape") {
      this.#store.setView({ selected: null, follow: false });
    }
  }
}

/** Keeps the view in the address; the way back leads from vehicle to vehicle, not through each letter of a search. */
function remember(view: View, before: View): void {
  const query = queryFromView(view);
  if (query === location.search) return;
  const address = location.pathname + query;
  if (view.selected === before.selected) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
}
