import type { Placed } from "../day/order";
import { ELSEWHERE, REASONS, type FailureReason, type LeftWith } from "../day/model";
import { text } from "../strings";
import { button, h, icon } from "./dom";
import { askSignature } from "./signature";
import { choose } from "./sheet";
import { takePhoto } from "./picture";

export interface StopActions {
  done(leftWith: LeftWith): void;
  failed(reason: FailureReason): void;
  /** Keeps the proof, and says done with it. */
  provenBy(kind: "photo" | "signature", content: Blob, leftWith: LeftWith): void;
}

/** Whether the stop waits for a proof that it has not. */
function missing({ stop }: Placed): "photo" | "signature" | null {
  return stop.proof !== undefined && stop.proofs === 0 ? stop.proof : null;
}

function prove(placed: Placed, leftWith: LeftWith, actions: StopActions): void {
  const kind = missing(placed);
  if (kind === null) actions.done(leftWith);
  else if (kind === "photo") takePhoto((file) => { actions.provenBy(kind, file, leftWith); });
  else askSignature((content) => { actions.provenBy(kind, content, leftWith); });
}

function doneButton(placed: Placed, actions: StopActions): HTMLElement {
  const kind = missing(placed);
  const label = kind === null ? text.done : { photo: text.donePhoto, signature: text.doneSignature }[kind];
  const sign = ({ none: "check", photo: "camera", signature: "pen" } as const)[kind ?? "none"];
  return button("done", label, () => { prove(placed, "recipient", actions); }, icon(sign));
}

/** Nobody at the door signs for what a neighbour or a locker gets: elsewhere, a signature is not asked for. */
function leave(placed: Placed, leftWith: LeftWith, actions: StopActions): void {
  if (missing(placed) === "signature") actions.done(leftWith);
  else prove(placed, leftWith, actions);
}

/** The buttons under the thumb, for the stop that is shown large. */
export function actionBar(placed: Placed, actions: StopActions): HTMLElement {
  const kind = missing(placed);
  const failed = (): void => { choose(text.whyNot, REASONS, text.reasons, (reason) => { actions.failed(reason); }); };
  const elsewhere = (): void => { choose(text.whereLeft, ELSEWHERE, text.leftWith, (place) => { leave(placed, place, actions); }); };
  return h("div", { class: "bar-in" },
    kind === null ? null : button("quiet", text.without[kind], () => { actions.done("recipient"); }),
    h("div", { class: "seconds" },
      button("second failed", text.notDone, failed, icon("cross")),
      button("second", text.elsewhere, elsewhere, icon("door")),
    ),
    doneButton(placed, actions),
  );
}
