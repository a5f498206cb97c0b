import { Dialog } from "../dialog";
import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { save } from "../page/files";
import { clockTime } from "../zoned";
import { formatSize, type Proof } from "./model";
import { doorstepText } from "./strings";

const words = doorstepText.proofs;
const ENDINGS: Readonly<Record<string, string>> = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** A proof that was loaded. */
export interface Picture {
  readonly proof: Proof;
  readonly blob: Blob;
  /** An object URL, which whoever made it revokes. */
  readonly url: string;
}

/** A photo or a signature as large as the screen allows, with what is known of it. */
export class ProofViewer {
  readonly #dialog = new Dialog("proof-dialog", { title: "", close: words.close }, () => { this.#picture = null; });
  readonly #image = h("img", { class: "proof-large" });
  readonly #facts = h("p", {});
  readonly #digest = h("code", {});
  #picture: Picture | null = null;
  #order = "";

  constructor() {
    const keep = h("button", { type: "button", class: "button", click: () => { this.#save(); } }, icon("download"), words.save);
    const facts = h("div", { class: "proof-facts" }, this.#facts, h("p", {}, `${words.digest} `, this.#digest));
    this.#dialog.body.append(this.#image);
    this.#dialog.footer.append(facts, keep);
  }

  open(picture: Picture, order: string, zone: string): void {
    const { proof, url } = picture;
    const kind = words.kinds[proof.kind];
    [this.#picture, this.#order] = [picture, order];
    this.#dialog.name(words.title(kind, order));
    setAttribute(this.#image, "src", url);
    setAttribute(this.#image, "alt", words.alt(kind, order));
    setText(this.#facts, words.facts(clockTime(proof.taken, zone), clockTime(proof.received, zone), formatSize(proof.size)));
    setText(this.#digest, proof.digest);
    this.#dialog.open();
  }

  #save(): void {
    if (this.#picture === null) return;
    const { proof, blob } = this.#picture;
    save(blob, `${this.#order}-${proof.kind}-${proof.digest.slice(0, 8)}.${ENDINGS[proof.media_type] ?? "bin"}`);
  }
}
