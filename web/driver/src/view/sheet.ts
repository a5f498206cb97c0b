import { text } from "../strings";
import { button, h } from "./dom";

/** A sheet that comes up from below, where thumbs are; it closes by a press outside, Escape or the back gesture. */
export function openSheet(title: string, content: (close: () => void) => readonly Node[]): void {
  const dialog = h("dialog", { class: "sheet", "aria-label": title });
  const close = (): void => { dialog.close(); };
  dialog.append(h("div", { class: "sheet-body" }, h("h2", {}, title), ...content(close), button("quiet", text.cancel, close)));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
  dialog.addEventListener("close", () => { dialog.remove(); });
  document.body.append(dialog);
  dialog.showModal();
}

/** Takes away what shows a stop that its driver may not see any more. */
export function closeSheets(): void {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog.sheet")) dialog.close();
}

/** Lets the driver choose one of a few. */
export function choose<T extends string>(title: string, choices: readonly T[], labels: Readonly<Record<T, string>>, chosen: (choice: T) => void): void {
  openSheet(title, (close) => [
    h("div", { class: "choices" }, ...choices.map((choice) => button("choice", labels[choice], () => { close(); chosen(choice); }))),
  ]);
}
