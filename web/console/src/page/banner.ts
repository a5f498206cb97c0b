import { h, setText } from "../dom";
import { formatSpan } from "../format";
import { icon } from "../icons";
import { lastHeard, serverNow } from "../store/clock";
import type { State } from "../store/state";
import { text } from "../strings";

/** The red line across the page while the stream is down. What counts up is not read out; the cause is, once. */
export class Banner {
  readonly element: HTMLElement;
  readonly #cause = h("span", { role: "alert" });
  readonly #age = h("strong", { class: "banner-age" });
  readonly #retry = h("span", { class: "banner-retry" });

  constructor(retryNow: () => void) {
    const button = h("button", { type: "button", class: "banner-button", click: () => { retryNow(); } }, text.banner.retry);
    this.element = h("div", { class: "banner", hidden: true }, icon("alert"), this.#cause, this.#age, this.#retry, button);
  }

  render({ link, clock }: State, wall: number): void {
    this.element.hidden = link.phase !== "lost";
    if (link.phase !== "lost") {
      setText(this.#cause, "");
      return;
    }
    const [now, heard] = [serverNow(clock, wall), lastHeard(clock)];
    const age = now === null || heard === null ? text.banner.noData : text.banner.age(formatSpan(now - heard));
    const wait = link.retryAt - wall;
    setText(this.#cause, `${text.banner.title}. ${text.banner.reason[link.reason]}`);
    setText(this.#age, age);
    setText(this.#retry, wait > 0 ? text.banner.retryIn(formatSpan(wait + 999)) : text.banner.retrying);
  }
}
