import { isAbort, tellFailure, type ApiClient } from "../api/client";
import { Latest } from "../api/latest";
import { Dialog } from "../dialog";
import { h, setAttribute, setText } from "../dom";
import { formatTime } from "../format";
import { icon } from "../icons";
import { serverNow } from "../store/clock";
import type { State } from "../store/state";
import { decodeOutbox, decodeReplay, EMPTY_OUTBOX, lettersUrl, REPLAY_URL, worstOf, type Outbox, type Receiver, type Replay } from "./model";
import { receiverPart } from "./receiver-part";
import { outboxText as words } from "./strings";

/** Trouble with a receiver lasts minutes: it is looked for so often, and while the dialog is open more so. */
const LOOK_MS = 30_000;
const WATCH_MS = 4_000;

/** Messages that wait or were given up: a button in the header that is there only when there are any, and its dialog. */
export class OutboxPanel {
  readonly button: HTMLButtonElement;
  readonly #client: ApiClient;
  readonly #asking = new Latest((_, signal) => this.#ask(signal));
  readonly #count = h("b", {});
  readonly #word = h("span", {});
  readonly #dialog = new Dialog("outbox-dialog", words);
  readonly #status = h("p", { class: "outbox-status", role: "status" });
  readonly #problem = h("p", { class: "problem", role: "alert" });
  readonly #parts = h("div", { class: "outbox-parts" });
  #outbox: Outbox = EMPTY_OUTBOX;
  #drawn: Outbox | null = null;
  #now: number | null = null;

  constructor(client: ApiClient) {
    this.#client = client;
    this.button = h("button", { type: "button", class: "outbox-open", "aria-haspopup": "dialog", hidden: true, click: () => { this.#open(); } }, icon("mail"), this.#count, " ", this.#word);
    this.#dialog.body.append(this.#status, this.#problem, this.#parts);
    this.#dialog.footer.append(h("p", { class: "dialog-hint" }, words.hint));
  }

  render(state: State, wall: number): void {
    this.#now = serverNow(state.clock, wall);
    if (state.link.phase !== "live") return;
    if (this.#asking.wanted === "") this.#asking.want("letters", "at_once");
    else if (this.#asking.idleFor() > (this.#dialog.isOpen ? WATCH_MS : LOOK_MS)) this.#asking.again();
  }

  #open(): void {
    setText(this.#problem, "");
    this.#say("");
    this.#draw();
    this.#dialog.open();
    this.#asking.again();
  }

  /** A gateway that cannot say is no reason for alarm here: the stream says it when the gateway is away. */
  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const asked = (["dead", "open"] as const).map((state) => this.#client.json(lettersUrl(state), signal));
      const [dead, open] = await Promise.all(asked);
      this.#outbox = decodeOutbox(dead, open);
      setText(this.#problem, "");
    } catch (error) {
      if (isAbort(error)) return;
      setText(this.#problem, `${words.failed} ${tellFailure(error)}`);
    }
    this.#tell();
    if (this.#dialog.isOpen) this.#draw();
  }

  #tell(): void {
    const worst = worstOf(this.#outbox);
    this.button.hidden = worst.kind === "none";
    if (worst.kind === "none") return;
    setAttribute(this.button, "data-trouble", worst.kind);
    setAttribute(this.button, "aria-label", words.label(worst.count, words.short[worst.kind]));
    setAttribute(this.button, "title", words.open[worst.kind](worst.count));
    setText(this.#count, String(worst.count));
    setText(this.#word, words.short[worst.kind]);
  }

  /** Only what is new is drawn: a press is not to land on what was just replaced. */
  #draw(): void {
    if (JSON.stringify(this.#outbox) === JSON.stringify(this.#drawn)) return;
    this.#drawn = this.#outbox;
    const { receivers, letters } = this.#outbox;
    const clock = (time: number): string => formatTime(time, this.#now);
    const parts = receivers.map((receiver) => {
      const own = letters.filter(({ endpoint }) => endpoint === receiver.name);
      return receiverPart(receiver, own, clock, (press) => { void this.#replay(receiver, press); });
    });
    this.#parts.replaceChildren(...parts);
    if (receivers.length === 0 && this.#status.textContent === "") this.#say(words.none);
  }

  /** All that were given up, listed or not: of what happened until now. */
  async #replay({ name }: Receiver, press: HTMLButtonElement): Promise<void> {
    press.disabled = true;
    this.#dialog.focus();
    this.#say(words.replaying);
    try {
      const wish = { endpoint: name, from: 0, to: this.#now ?? Date.now() };
      this.#say(toldOf(decodeReplay(await this.#client.post(REPLAY_URL, wish))));
      this.#asking.again();
    } catch (error) {
      this.#say("");
      setText(this.#problem, `${words.replayFailed} ${tellFailure(error)}`);
    }
    press.disabled = false;
  }

  #say(told: string): void {
    setText(this.#status, told);
    this.#status.hidden = told === "";
  }
}

function toldOf({ replayed, refused }: Replay): string {
  const not = Object.entries(refused).map(([reason, count]) => words.refused(count, reason in words.reasons ? words.reasons[reason as keyof typeof words.reasons] : reason));
  return [words.replayed(replayed), ...not].join(" ");
}
