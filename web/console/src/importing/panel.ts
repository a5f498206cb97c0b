import { ApiFailure, isAbort, tellFailure, type ApiClient } from "../api/client";
import { fieldsOf } from "../api/fields";
import { Dialog } from "../dialog";
import { h, setText } from "../dom";
import type { Place } from "../geo";
import { icon } from "../icons";
import type { Store } from "../store/store";
import { browserZone } from "../zoned";
import { countOutcomes, decodeReport, formatOf, IMPORT_FORMATS, importUrl, problemOf, type ImportReport, type Wish } from "./report";
import { importText as words } from "./strings";
import { doubtList, faultTable, mappingTable, noteList, routeTable } from "./tables";

/** As much of a file as tells its format. */
const BEGINNING = 4_096;

/** Brings a file of routes in: what it would change first, then the import. */
export class ImportPanel {
  readonly button: HTMLButtonElement;
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #showPlace: (place: Place) => void;
  readonly #dialog: Dialog;
  readonly #pick: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #wishes: WishForm;
  readonly #status = h("p", { class: "import-status", role: "status" });
  readonly #report = h("div", { class: "import-report" });
  #file: File | null = null;
  #mapping = new Map<string, string>();
  #accept = false;
  #running: AbortController | null = null;

  constructor(store: Store, client: ApiClient, showPlace: (place: Place) => void) {
    this.#store = store;
    this.#client = client;
    this.#showPlace = showPlace;
    this.button = h(
      "button",
      { type: "button", class: "icon-button import-open", "aria-label": words.open, title: words.open, click: () => { this.open(); } },
      icon("upload"),
    );
    this.#input = h("input", { type: "file", class: "visually-hidden", id: "import-file", accept: ".json,.csv,.tsv,.txt", "aria-label": words.choose, change: () => { this.#chosen(); } });
    this.#pick = h("div", { class: "drop" }, icon("upload"), h("p", {}, words.drop, " ", h("label", { class: "button", for: "import-file" }, words.choose), this.#input), h("p", { class: "dialog-hint" }, words.formats));
    this.#wishes = new WishForm(() => { void this.#look(); });
    this.#dialog = new Dialog("import-dialog", words, () => { this.#running?.abort(); });
    this.#dialog.body.append(this.#pick, this.#wishes.element, this.#status, this.#report);
    this.#takeDrops(this.#dialog.element);
  }

  open(): void {
    this.#reset();
    this.#dialog.open();
    this.#input.focus();
  }

  #takeDrops(target: HTMLElement): void {
    target.addEventListener("dragover", (event) => { event.preventDefault(); target.classList.add("is-over"); });
    target.addEventListener("dragleave", () => { target.classList.remove("is-over"); });
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      target.classList.remove("is-over");
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) void this.#take(file);
    });
  }

  #reset(): void {
    this.#running?.abort();
    this.#file = null;
    this.#mapping = new Map();
    this.#accept = false;
    this.#input.value = "";
    this.#dialog.name(words.title);
    this.#pick.hidden = false;
    this.#wishes.element.hidden = true;
    this.#say("", false);
    this.#report.replaceChildren();
    this.#dialog.footer.replaceChildren();
  }

  #chosen(): void {
    const [file] = this.#input.files ?? [];
    if (file !== undefined) void this.#take(file);
  }

  async #take(file: File): Promise<void> {
    this.#reset();
    const problem = problemOf(file.size);
    if (problem !== "none") {
      this.#say(problem === "empty" ? words.empty : words.tooLarge(words.size(file.size)), true);
      return;
    }
    this.#file = file;
    this.#wishes.format = formatOf(file.name, await file.slice(0, BEGINNING).text());
    this.#dialog.name(`${file.name} (${words.size(file.size)})`);
    this.#pick.hidden = true;
    this.#wishes.element.hidden = false;
    await this.#look();
  }

  async #look(): Promise<void> {
    await this.#send(true, words.looking(this.#file?.name ?? ""));
  }

  async #send(dryRun: boolean, told: string): Promise<void> {
    if (this.#file === null) return;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.#say(told, false);
    for (const button of this.#dialog.footer.querySelectorAll("button")) button.disabled = true;
    try {
      const wish = this.#wishes.read(this.#mapping, this.#accept);
      const answer = await this.#client.post(importUrl(wish, dryRun), this.#file, running.signal).catch(reportIn);
      const report = decodeReport(answer);
      if (report === null) throw new ApiFailure("refused", "the answer is no report");
      this.#show(report);
    } catch (error) {
      if (!isAbort(error)) this.#fail(tellFailure(error));
    }
  }

  #show(report: ImportReport): void {
    const done = report.outcome === "imported" || report.outcome === "unchanged";
    this.#wishes.element.hidden = done;
    const { new: fresh, changed, unchanged } = countOutcomes(report);
    const rejected = report.outcome === "rejected";
    const said = rejected ? "" : words.summary(fresh, changed, unchanged);
    this.#say(done ? `${report.outcome === "imported" ? words.imported : words.unchanged} ${said}` : said, false);
    this.#report.replaceChildren(...this.#parts(report, done));
    this.#dialog.footer.replaceChildren(...(done ? this.#endButtons() : this.#buttons(report, fresh + changed)));
    if (done) this.#dialog.footer.querySelector<HTMLButtonElement>(".primary")?.focus();
  }

  #parts(report: ImportReport, done: boolean): Node[] {
    const parts: Node[] = [];
    const { faults, doubtful, routes, mapping, notes } = report;
    if (faults.length > 0) parts.push(part(words.faults(faults.length), words.faultsHelp, faultTable(faults)));
    if (doubtful.length > 0 && !done) {
      const doubts = doubtList(doubtful, (place) => { this.#dialog.close(); this.#showPlace(place); });
      parts.push(part(words.doubts(doubtful.length), words.doubtsHelp, doubts, this.#acceptBox()));
    }
    if (routes.length > 0) parts.push(part(words.routes, "", routeTable(routes, done ? (route) => { this.#go(route); } : null)));
    if (mapping.length > 0 && !done) parts.push(part(words.mapping, "", mappingTable(mapping, (column, field) => { this.#map(column, field); })));
    if (notes.length > 0) parts.push(noteList(notes));
    return parts;
  }

  #acceptBox(): HTMLElement {
    const change = (event: Event): void => {
      this.#accept = (event.target as HTMLInputElement).checked;
      void this.#look();
    };
    return h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.#accept, change }), words.accept);
  }

  #map(column: string, field: string): void {
    this.#mapping.set(column, field);
    void this.#look();
  }

  #buttons(report: ImportReport, count: number): Node[] {
    const ready = report.outcome === "preview" && count > 0;
    const press = (): void => { void this.#send(false, words.importing); };
    const hint = report.outcome === "preview" && count === 0 ? words.nothingToDo : "";
    return [
      h("p", { class: "dialog-hint" }, hint),
      this.#another(),
      h("button", { type: "button", class: "button", click: () => { void this.#look(); } }, words.preview),
      h("button", { type: "button", class: "button primary", disabled: !ready, click: press }, words.import(count)),
    ];
  }

  #endButtons(): Node[] {
    return [this.#another(), h("button", { type: "button", class: "button primary", click: () => { this.#dialog.close(); } }, words.done)];
  }

  #another(): HTMLElement {
    return h("button", { type: "button", class: "button", click: () => { this.#reset(); this.#input.focus(); } }, words.another);
  }

  #fail(detail: string): void {
    this.#say(`${words.failed} ${detail}`, true);
    const retry = h("button", { type: "button", class: "button", click: () => { void this.#look(); } }, words.retry);
    this.#dialog.footer.replaceChildren(this.#another(), retry);
  }

  #say(told: string, problem: boolean): void {
    setText(this.#status, told);
    this.#status.classList.toggle("problem", problem);
  }

  /** The fleet of an import is the gateway's first unless a followed route of this name says another. */
  #go(route: string): void {
    const known = [...(this.#store.state.routes?.values() ?? [])].find((each) => each.route === route);
    if (known === undefined) return;
    this.#dialog.close();
    this.#store.setView({ tab: "routes", route: `${known.fleet}/${route}`, stop: null, stops: null, selected: null, follow: false, at: null });
  }
}

/** A rejection brings its report along. */
function reportIn(error: unknown): unknown {
  const report = error instanceof ApiFailure ? fieldsOf(error.body)["report"] : undefined;
  if (report === undefined) throw error;
  return report;
}

function part(title: string, help: string, ...content: Node[]): HTMLElement {
  return h("section", { class: "import-part" }, h("h3", {}, title), ...(help === "" ? [] : [h("p", { class: "dialog-hint" }, help)]), ...content);
}

/** How the file is written, and what stands in where it says nothing. */
class WishForm {
  readonly element: HTMLElement;
  readonly #format: HTMLSelectElement;
  readonly #date: HTMLInputElement;
  readonly #zone: HTMLInputElement;
  readonly #vehicle: HTMLInputElement;

  constructor(changed: () => void) {
    const change = (): void => { changed(); };
    this.#format = h("select", { change }, ...IMPORT_FORMATS.map((value) => h("option", { value }, words.formatNames[value])));
    this.#date = h("input", { type: "date", change, value: new Date().toLocaleDateString("sv") });
    this.#zone = h("input", { change, value: browserZone(), spellcheck: "false", maxlength: 64 });
    this.#vehicle = h("input", { change, spellcheck: "false", maxlength: 64 });
    const { fields } = words;
    const fieldset = h(
      "fieldset",
      { class: "stand-ins" },
      h("legend", {}, words.standIn),
      field(fields.date, this.#date), field(fields.zone, this.#zone), field(fields.vehicle, this.#vehicle),
    );
    this.element = h("div", { class: "wishes" }, field(fields.format, this.#format), fieldset);
  }

  set format(format: Wish["format"]) {
    this.#format.value = format;
  }

  read(mapping: ReadonlyMap<string, string>, acceptDoubtful: boolean): Wish {
    const format = IMPORT_FORMATS.find((each) => each === this.#format.value) ?? "json";
    return { format, date: this.#date.value, zone: this.#zone.value.trim(), vehicle: this.#vehicle.value.trim(), mapping, acceptDoubtful };
  }
}

function field(name: string, input: HTMLElement): HTMLElement {
  return h("label", { class: "field" }, h("span", {}, name), input);
}
