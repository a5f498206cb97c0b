/** Shapes that say what colours say: of labels, of lateness and of grades. */
import { svg } from "../dom";
import type { Label } from "../api/route-model";
import type { Grade } from "./words";

type Shape = () => SVGElement[];

const disc = (): SVGElement => svg("circle", { class: "shape-fill", r: 7 });
const ring = (): SVGElement => svg("circle", { class: "shape-ring", r: 6 });
const diamond = (): SVGElement => svg("path", { class: "shape-fill", d: "M0-8.500L8.500 0 0 8.500-8.500 0z" });
const triangle = (): SVGElement => svg("path", { class: "shape-fill", d: "M0-8L8.700 7h-17.400z" });
const ink = (d: string): SVGElement => svg("path", { class: "shape-ink", d });

const CHECK = "M-3.200.200L-1 2.600 3.300-2.400";
const ARROW = "M-2.800 0H2.600M.400-2.700L3.100 0 .400 2.700";
const CRY = "M0-4.200V.900M0 3.700v.1";

const LABEL_SHAPES: Readonly<Record<Label, Shape>> = {
  pending: () => [ring()],
  on_track: () => [disc(), ink(ARROW)],
  completed: () => [disc(), ink(CHECK)],
  incident: () => [diamond(), ink(CRY)],
};

const GRADE_SHAPES: Readonly<Record<Grade, Shape>> = {
  bad: () => [triangle(), svg("path", { class: "shape-ink", d: "M0-2.600V2.400M0 4.900v.1" })],
  watch: () => [diamond(), ink("M0-3.800V0M0 3.100v.1")],
  fine: () => [disc(), ink(ARROW)],
  idle: () => [ring()],
  done: () => [disc(), ink(CHECK)],
};

function drawn(className: string, children: SVGElement[]): SVGSVGElement {
  return svg("svg", { class: className, viewBox: "-10 -10 20 20", "aria-hidden": "true" }, ...children);
}

export function labelMark(label: Label): SVGSVGElement {
  const mark = drawn("shape", LABEL_SHAPES[label]());
  mark.dataset["label"] = label;
  return mark;
}

/** A mark whose grade changes. */
export class GradeMark {
  readonly element = drawn("shape", []);
  #grade: Grade | null = null;

  show(grade: Grade): void {
    if (grade === this.#grade) return;
    this.#grade = grade;
    this.element.dataset["grade"] = grade;
    this.element.replaceChildren(...GRADE_SHAPES[grade]());
  }
}

/** A mark whose label changes. */
export class LabelMark {
  readonly element = drawn("shape", []);
  #label: Label | null = null;

  show(label: Label): void {
    if (label === this.#label) return;
    this.#label = label;
    this.element.dataset["label"] = label;
    this.element.replaceChildren(...LABEL_SHAPES[label]());
  }
}
