import { ApiFailure, type ApiClient } from "../api/client";
import { TRACK_FORMATS, trackUrl, type TrackFormat, type VehicleKey } from "../api/model";
import { h, setText } from "../dom";
import { icon } from "../icons";
import { save } from "../page/files";
import { text } from "../strings";

/** Which track to export; times are Unix ms. */
export interface ExportRange {
  readonly key: VehicleKey;
  readonly from: number;
  readonly to: number;
}

/** A file name that says what is inside: `main-van-7_2026-11-24T0810_3h.gpx`. */
export function exportName({ key, from, to }: ExportRange, format: TrackFormat): string {
  const start = new Date(from).toISOString().slice(0, 16).replace(":", "");
  return `${key.replace("/", "-")}_${start}_${Math.round((to - from) / 3_600_000)}h.${format}`;
}

/** Buttons that fetch the track with the token and save it. */
export class ExportButtons {
  readonly element: HTMLElement;
  readonly #problem = h("p", { class: "problem", role: "alert" });
  readonly #client: ApiClient;
  readonly #range: () => ExportRange | null;

  constructor(client: ApiClient, range: () => ExportRange | null) {
    this.#client = client;
    this.#range = range;
    const buttons = TRACK_FORMATS.map((format) => this.#button(format));
    this.element = h(
      "div",
      { class: "exports", role: "group", "aria-label": text.details.exports },
      ...buttons,
      this.#problem,
    );
  }

  #button(format: TrackFormat): HTMLButtonElement {
    const button = h(
      "button",
      { type: "button", class: "button export", "data-format": format, click: () => { void this.#export(format, button); } },
      icon("download"),
      text.details.formats[format],
    );
    return button;
  }

  async #export(format: TrackFormat, button: HTMLButtonElement): Promise<void> {
    const range = this.#range();
    if (range === null) return;
    setText(this.#problem, "");
    button.disabled = true;
    try {
      save(await this.#client.blob(trackUrl(range.key, range.from, range.to, format)), exportName(range, format));
    } catch (error) {
      const detail = error instanceof ApiFailure ? error.detail : String(error);
      setText(this.#problem, `${text.details.exportFailed} ${detail}`);
    } finally {
      button.disabled = false;
    }
  }
}
