import { h } from "../dom";
import { formatPlace } from "../format";
import type { Place } from "../geo";
import type { Column, Doubt, Fault, Note, RouteImported } from "./report";
import { importText as words } from "./strings";

type Cell = string | Node;

function table(name: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  const head = h("thead", {}, h("tr", {}, ...heads.map((each) => h("th", { scope: "col" }, each))));
  const body = h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell)))));
  return h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": name }, h("table", { class: "table" }, head, body));
}

export function faultTable(faults: readonly Fault[]): HTMLElement {
  const rows = faults.map(({ row, field, value, problem }) => [row === undefined ? "" : String(row), field, value ?? "", problem]);
  return table(words.faults(faults.length), Object.values(words.faultHeads), rows);
}

export function routeTable(routes: readonly RouteImported[], show: ((route: string) => void) | null): HTMLElement {
  const rows = routes.map(({ route, date, vehicle, stops, outcome }) => [
    show === null ? route : h("button", { type: "button", class: "text-button", click: () => { show(route); } }, route),
    date, vehicle, String(stops), h("span", { "data-outcome": outcome }, words.outcomes[outcome]),
  ]);
  return table(words.routes, Object.values(words.routeHeads), rows);
}

export function noteList(notes: readonly Note[]): HTMLElement {
  const lines = notes.map(({ row, field, value, note }) => {
    const about = [row === undefined ? "" : words.doubt.row(row), field, value ?? ""].filter((part) => part !== "").join(" · ");
    return h("li", {}, h("b", {}, about), ` ${note}`);
  });
  return h("details", { class: "import-notes" }, h("summary", {}, words.notes(notes.length)), h("ul", {}, ...lines));
}

export function doubtList(doubts: readonly Doubt[], show: (place: Place) => void): HTMLElement {
  const lines = doubts.map((doubt) => {
    const place = { lat: doubt.lat, lon: doubt.lon };
    const asked = [doubt.row === undefined ? "" : words.doubt.row(doubt.row), doubt.order ?? "", doubt.address].filter((part) => part !== "");
    const press = (): void => { show(place); };
    return h(
      "li",
      { class: "doubt" },
      h("b", {}, asked.join(" · ")),
      h("span", {}, `${words.doubt.found} ${doubt.label}`),
      h("span", { class: "doubt-why" }, `${words.doubt.quality(doubt.quality)} · ${doubt.why} · `,
        h("button", { type: "button", class: "text-button", title: words.doubt.map, click: press }, formatPlace(doubt.lat, doubt.lon))),
    );
  });
  return h("ol", { class: "doubts" }, ...lines);
}

const FIELDS = Object.entries(words.fieldNames);

/** Which column is read as what; a choice is told. */
export function mappingTable(columns: readonly Column[], choose: (column: string, field: string) => void): HTMLElement {
  const rows = columns.map(({ column, field = "", example = "" }) => {
    const options = FIELDS.map(([value, name]) => h("option", { value, selected: value === field }, name));
    const change = (event: Event): void => { choose(column, (event.target as HTMLSelectElement).value); };
    const label = `${words.mappingHeads.field}: ${column}`;
    const select = h("select", { "aria-label": label, change }, h("option", { value: "", selected: field === "" }, words.leftOut), ...options);
    return [h("b", {}, column), select, example];
  });
  return table(words.mapping, Object.values(words.mappingHeads), rows);
}
