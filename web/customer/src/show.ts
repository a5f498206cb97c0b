import type { PageState } from "./state";

const PLACES = ["eyebrow", "headline", "line", "count", "ordinal", "why", "mark", "again", "age", "promised", "seen"];

/** Puts a state onto the page. What is as it was is not touched, so that nothing flickers and nothing is read twice. */
export function show(state: PageState, page: Document = document): void {
  if (page.title !== state.title) page.title = state.title;
  for (const place of PLACES) showText(page.getElementById(place), state.texts[place] ?? "");
  page.getElementById("headline")?.classList.toggle("said", state.texts["eyebrow"] === undefined);
  const card = page.getElementById("card");
  if (card !== null) card.className = `card ${state.tone}`;
  showSteps(page.querySelectorAll(".steps li"), state.step);
  hide(page.getElementById("writing"), !state.writable);
  hide(page.getElementById("calls"), !state.calls);
  hide(page.getElementById("may-call"), state.calls);
  hide(page.getElementById("van"), state.van === null);
}

/** Says since when nothing new is known; null: all is well. */
export function showBehind(time: string | null, page: Document = document): void {
  const behind = page.getElementById("behind");
  if (behind === null) return;
  showText(behind, time === null ? "" : (behind.dataset["text"] ?? "").replace("{time}", time));
}

function showText(element: HTMLElement | null, text: string): void {
  if (element === null) return;
  if (element.textContent !== text) element.textContent = text;
  hide(element, text === "");
}

function hide(element: HTMLElement | null, hidden: boolean): void {
  if (element !== null && element.hidden !== hidden) element.hidden = hidden;
}

function showSteps(steps: Iterable<Element>, done: number): void {
  let number = 0;
  for (const step of steps) {
    number += 1;
    step.classList.toggle("done", number <= done);
    if (number === done) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
}
