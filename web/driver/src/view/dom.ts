/** Elements without markup: text goes in as text, whatever is in it. */
type Attribute = string | number | boolean | ((event: Event) => void);
type Child = Node | string | null;

/** An element; functions become listeners, booleans switch attributes on or off, null children are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Readonly<Record<string, Attribute>> = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that is pressed once. */
export function button(name: string, label: string, press: () => void, ...before: readonly Child[]): HTMLButtonElement {
  return h("button", { type: "button", class: name, click: press }, ...before, h("span", {}, label));
}

const PATHS = {
  check: "M4 12.5l5.2 5.2L20 7",
  cross: "M6 6l12 12M18 6L6 18",
  door: "M4 20h16M7 20V4h10v16M14 12h.01",
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1",
  arrow: "M12 3l7.5 17L12 16.5 4.500 20z",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7",
  pen: "M4 20l1-4L16 5l3 3L8 19zM13.500 7.500l3 3",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(namespace, "svg");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  for (const [attribute, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]] as const) drawing.setAttribute(attribute, value);
  return drawing;
}
