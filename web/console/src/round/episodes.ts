import type { Episode, RouteDetail } from "../api/route-model";
import { h, setText } from "../dom";
import { formatDistance, formatSpan } from "../format";
import { text } from "../strings";
import { clockTime } from "../zoned";

const words = text.routes.panel;
/** What lies further back is behind the fold. */
const FOLDED_PAST = 2;

export interface EpisodeActions {
  showEpisode(episode: Episode): void;
}

/** Open and past deviations; a press shows where it was. */
export class Episodes {
  readonly element: HTMLElement;
  readonly #summary = h("summary", {});
  readonly #list = h("ol", { class: "episodes" });
  readonly #actions: EpisodeActions;
  #shown = "";

  constructor(actions: EpisodeActions) {
    this.#actions = actions;
    this.element = h("details", { class: "episodes-box", hidden: true }, this.#summary, this.#list);
  }

  render({ episodes, route, stops }: RouteDetail, now: number | null): void {
    const open = episodes.filter(({ end }) => end === undefined);
    const past = episodes.filter(({ end }) => end !== undefined);
    this.element.hidden = episodes.length === 0;
    setText(this.#summary, words.deviations(open.length, past.length));
    const sequences = new Map(stops.map(({ stop, sequence }) => [stop, sequence]));
    const lines = [...open, ...past.sort((a, b) => b.begin - a.begin)].map((episode) => ({
      episode, told: tell(episode, sequences.get(episode.stop ?? ""), route.zone, now),
    }));
    const shown = lines.map(({ told }) => told.join()).join("\n") + route.route;
    if (shown === this.#shown) return;
    const fresh = !this.#shown.endsWith(route.route);
    this.#shown = shown;
    if (fresh) this.element.toggleAttribute("open", open.length > 0 && lines.length <= open.length + FOLDED_PAST);
    this.#keepFocus(() => { this.#list.replaceChildren(...lines.map(({ episode, told }) => this.#line(episode, told))); });
  }

  /** The same line keeps the focus over a redraw. */
  #keepFocus(draw: () => void): void {
    const index = [...this.#list.children].findIndex((line) => line.contains(document.activeElement));
    draw();
    if (index >= 0) this.#list.children[index]?.querySelector("button")?.focus();
  }

  #line(episode: Episode, [kind = "", when = "", extent = ""]: string[]): HTMLElement {
    const placed = episode.lat !== undefined || episode.stop !== undefined;
    const press = (): void => { this.#actions.showEpisode(episode); };
    const parts = [h("b", {}, kind), h("span", {}, when), h("span", {}, extent)];
    const button = h("button", { type: "button", class: "episode", title: words.showEpisode, disabled: !placed, click: press }, ...parts);
    return h("li", { "data-open": String(episode.end === undefined) }, button);
  }
}

/** What, when and how far. */
function tell(episode: Episode, sequence: number | undefined, zone: string, now: number | null): string[] {
  const { begin, end, greatest_m: greatest, extra_m: extra } = episode;
  const from = clockTime(begin, zone);
  const span = formatSpan((end ?? now ?? begin) - begin);
  const when = end === undefined ? words.episodeOpen(from, span) : words.episodeSpan(from, clockTime(end, zone), span);
  const stop = sequence === undefined ? "" : words.atStop(String(sequence));
  const extent = [
    stop,
    greatest === undefined ? "" : words.greatest(formatDistance(greatest)),
    extra === undefined ? "" : words.extra(formatDistance(extra)),
  ];
  return [text.routes.deviations[episode.kind], when, extent.filter((part) => part !== "").join(", ")];
}
