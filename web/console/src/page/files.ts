import { h } from "../dom";

/** Hands a file to the browser's downloads. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => { URL.revokeObjectURL(url); }, 60_000); // the download has begun long before
}

/** Puts a page into a tab that was opened at the press (a later one would be blocked as a pop-up). */
export function fillTab(tab: Window, markup: string): void {
  const page = new DOMParser().parseFromString(markup, "text/html");
  const { document } = tab;
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  // Our content policy, which the tab inherits, knows no inline style; a sheet that we make is no inline style.
  const sheets = [...page.querySelectorAll("style")].map(({ textContent }) => sheetIn(tab, textContent));
  document.adoptedStyleSheets = sheets;
  for (const unwanted of page.querySelectorAll("script, style, link, meta")) unwanted.remove();
  document.body.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
  document.body.className = page.body.className;
}

function sheetIn(tab: Window, css: string): CSSStyleSheet {
  const sheet = new (tab as Window & typeof globalThis).CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
