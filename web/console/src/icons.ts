import { svg } from "./dom";

/** Line icons on a 20 × 20 grid. */
const PATHS = {
  search: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4",
  close: "M5 5l10 10M15 5L5 15",
  follow: "M10 2v3M10 15v3M2 10h3M15 10h3M10 5.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7.5 10h5M10 7.5v5",
  download: "M10 3v9M6.5 9l3.5 3.5L13.500 9M4 16h12",
  upload: "M10 12.500V3.500M6.500 6.500L10 3l3.500 3.500M4 16h12",
  alert: "M10 3l7.500 13h-15zM10 8v4M10 14.200v.1",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.700-2.700a3 3 0 0 0-4.300-4.300L10.300 5.400M11.500 8.500a3 3 0 0 0-4.300 0l-2.700 2.700a3 3 0 0 0 4.300 4.300l.9-.9",
  pin: "M10 17.500c3.500-4 5.500-6.700 5.500-9.500a5.500 5.500 0 1 0-11 0c0 2.800 2 5.500 5.500 9.500zM10 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4.200l2.800 1.800",
  play: "M6.500 4.500l9 5.500-9 5.500z",
  pause: "M7 4.500v11M13 4.500v11",
  record: "M5 3h7l3.500 3.500V17H5zM11.500 3v4h4M7.500 10.500h5M7.500 13.500h5",
  van: "M2.500 5.500h9v8h-9zM11.500 8.500h3.200l2.800 2.500v2.500h-6M5.500 13.500a1.500 1.500 0 1 0 .1 0zM14 13.500a1.500 1.500 0 1 0 .1 0z",
  open: "M11.500 4H16v4.500M16 4l-7 7M13.500 11.500V16H4V6.500h4.500",
  mail: "M3 5h14v10.500H3zM3 5.500l7 5.500 7-5.500",
  back: "M12.500 4L6.500 10l6 6",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}

/** The mark of a vehicle's state: the same shapes as on the map. */
export function stateMark(): SVGSVGElement {
  return svg(
    "svg",
    { class: "mark", viewBox: "-12 -12 24 24", "aria-hidden": "true" },
    svg("path", { class: "mark-beak", d: "M0-11.500L4.800-5.500h-9.600z" }),
    svg("circle", { class: "mark-disc", r: 7.2 }),
    svg("path", { class: "mark-arrow", d: "M0-4.200L3.300 3.400 0 1.800-3.300 3.400z" }),
    svg("rect", { class: "mark-square", x: -2.6, y: -2.6, width: 5.2, height: 5.2, rx: 1 }),
    svg("path", { class: "mark-dash", d: "M-3 0h6" }),
  );
}
