import { isAbort, tellFailure, type ApiClient } from "../api/client";
import { Latest } from "../api/latest";
import type { RouteKey, RouteStop } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { clockTime, zonedTime } from "../zoned";
import { decodeProofs, proofsUrl, proofStateOf, proofUrl, type Proof, type ProofKind } from "./model";
import { ProofViewer, type Picture } from "./proof-viewer";
import { doorstepText } from "./strings";

const words = doorstepText.proofs;
/** A photo is sent when the phone has a signal again: while one is awaited, it is looked for so often. */
const LOOK_AGAIN_MS = 10_000;

/** Of which stop, and what its driver was asked to bring. */
export interface ProofsOf {
  readonly route: RouteKey;
  readonly stop: RouteStop;
  readonly asked: ProofKind | undefined;
  readonly zone: string;
}

/** What a driver brought from one stop; hidden where nothing came and nothing was asked for. */
export class ProofList {
  readonly element: HTMLElement;
  readonly #client: ApiClient;
  readonly #said = h("p", { class: "proofs-said", role: "status" });
  readonly #list = h("ul", { class: "proofs" });
  readonly #viewer = new ProofViewer();
  readonly #asking = new Latest((_, signal) => this.#ask(signal));
  readonly #pictures = new Map<string, Picture>();
  #of: ProofsOf | null = null;
  #place = "";
  #proofs: readonly Proof[] = [];
  #problem = "";

  constructor(client: ApiClient) {
    this.#client = client;
    this.element = h("section", { class: "proofs-box", "aria-label": words.label, hidden: true }, h("h4", {}, words.label), this.#said, this.#list);
  }

  render(of: ProofsOf | null): void {
    this.#of = of;
    const place = of === null ? "" : `${of.route} ${of.stop.stop}`;
    if (place !== this.#place) this.#forget(place);
    if (of === null) { this.#asking.want("", "at_once"); return; }
    const wanted = `${place} ${of.stop.outcome} ${of.stop.tap?.time ?? ""}`;
    if (wanted !== this.#asking.wanted) this.#asking.want(wanted, "at_once");
    else if (this.#isAwaited(of) && this.#asking.idleFor() > LOOK_AGAIN_MS) this.#asking.again();
    this.#tell();
  }

  #isAwaited({ asked, stop }: ProofsOf): boolean {
    return this.#problem !== "" || proofStateOf(asked, stop.outcome, this.#proofs) === "missing";
  }

  #forget(place: string): void {
    this.#place = place;
    this.#proofs = [];
    this.#problem = "";
    this.#list.replaceChildren();
    for (const { url } of this.#pictures.values()) URL.revokeObjectURL(url);
    this.#pictures.clear();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const of = this.#of;
    if (of === null) return;
    try {
      this.#proofs = decodeProofs(await this.#client.json(proofsUrl(of.route, of.stop.stop), signal));
      this.#problem = "";
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = words.listFailed(tellFailure(error));
    }
    this.#tell();
    await this.#draw(of, signal);
  }

  #tell(): void {
    if (this.#of === null) return;
    const { asked, stop } = this.#of;
    const state = proofStateOf(asked, stop.outcome, this.#proofs);
    const about = asked === undefined || state === "none" ? "" : words[state][asked];
    setText(this.#said, [about, this.#problem].filter((part) => part !== "").join(" · "));
    setAttribute(this.element, "data-proof", state);
    this.element.hidden = this.#said.textContent === "" && this.#proofs.length === 0;
  }

  /** One after the other: a phone on a bad line shows the first one soon. */
  async #draw(of: ProofsOf, signal: AbortSignal): Promise<void> {
    const lines = this.#proofs.map((proof) => new ProofLine(proof, of, (picture) => { this.#viewer.open(picture, of.stop.order, of.zone); }));
    this.#list.replaceChildren(...lines.map(({ element }) => element));
    for (const line of lines) {
      if (line.proof.erased !== undefined) continue;
      try {
        line.show(await this.#load(of, line.proof, signal));
      } catch (error) {
        if (isAbort(error)) return;
        line.fail(tellFailure(error));
      }
    }
  }

  async #load({ route, stop }: ProofsOf, proof: Proof, signal: AbortSignal): Promise<Picture> {
    const known = this.#pictures.get(proof.digest);
    if (known !== undefined) return known;
    const blob = await this.#client.blob(proofUrl(route, stop.stop, proof.digest), signal);
    signal.throwIfAborted(); // nobody would revoke its address
    const picture = { proof, blob, url: URL.createObjectURL(blob) };
    this.#pictures.set(proof.digest, picture);
    return picture;
  }
}

/** One proof: its picture once it is there, and when it was taken. */
class ProofLine {
  readonly element: HTMLElement;
  readonly proof: Proof;
  readonly #button: HTMLButtonElement;
  readonly #note = h("small", {});
  #picture: Picture | null = null;

  constructor(proof: Proof, { zone }: ProofsOf, open: (picture: Picture) => void) {
    this.proof = proof;
    const [kind, time] = [words.kinds[proof.kind], clockTime(proof.taken, zone)];
    const press = (): void => { if (this.#picture !== null) open(this.#picture); };
    this.#button = h("button", { type: "button", class: "proof", disabled: true, "aria-label": words.show(kind, time), "aria-haspopup": "dialog", click: press });
    const gone = proof.erased === undefined ? words.loading : words.erased(zonedTime(proof.erased, zone, proof.taken));
    setText(this.#note, gone);
    this.element = h("li", { "data-kind": proof.kind }, this.#button, h("b", {}, `${kind} ${time}`), this.#note);
    if (proof.erased !== undefined) this.#button.hidden = true;
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#button.replaceChildren(h("img", { src: picture.url, alt: "" }));
    this.#button.disabled = false;
    setText(this.#note, "");
  }

  fail(detail: string): void {
    setText(this.#note, `${words.failed}: ${detail}`);
  }
}
