/**
 * The exchange of batches and watermarks over HTTP, as pure decisions: what to send, and what an answer means.
 *
 * 1. The first message of a page's life is a question (no positions): nothing is sent before the gateway has said its W.
 * 2. W above every number given out: this phone's store is an old copy, others used these numbers. A new spool begins.
 * 3. The answer to a question, or a gap, is believed in both directions; any other answer only raises W.
 * 4. `after` never exceeds the W that was told. What was acknowledged once and is gone from the phone is declared with
 *    `oldest`, so that a gateway restored from a backup books it as lost.
 * 5. A message is of one shift: what lies outside is dropped from its front, and what is of a later shift goes after it.
 * 6. What the gateway has is deleted at once: a phone keeps nobody's track, and the gateway's backup is its own affair.
 */

/** Positions of one message: half of what the wire takes, 30 KB, which a weak link carries within seconds. */
export const BATCH = 250;

/** The numbering of one spool. `last` was given out last, `acknowledged` is W, `told` the highest that W ever was. */
export interface Book {
  readonly spool: string;
  readonly vehicle: string;
  readonly last: number;
  readonly acknowledged: number;
  readonly told: number;
  /** Positions that were lost though they were wanted: the spool was full, or the gateway could not use them. */
  readonly dropped: number;
}

export interface Fix {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracy?: number;
  readonly speed?: number;
  readonly course?: number;
  readonly alt?: number;
}

export interface Row {
  readonly spool: string;
  readonly seq: number;
  readonly fix: Fix;
}

export interface Envelope {
  readonly v: 1;
  readonly spool: string;
  readonly after: number;
  readonly seq: number;
  readonly sent: number;
  readonly source: "phone";
  readonly oldest?: true;
  readonly positions: readonly Fix[];
}

/** What came back. `off_shift` names the shift outside of which positions are not wanted. */
export type Answer =
  | { readonly kind: "watermark"; readonly spool: string; readonly seq: number; readonly gap: boolean; readonly rejected: number }
  | { readonly kind: "off_shift"; readonly begin: number; readonly end: number }
  | { readonly kind: "quarantined" }
  | { readonly kind: "refused" }
  | { readonly kind: "away" };

/**
 * What to do: believe a book; delete rows, of which `lost` were wanted; send fewer at once; go on without an answer to the question (out of a shift
 * there is none); number the rest anew; try again later; or stop until the page says so.
 */
export type Step =
  | { readonly kind: "settle"; readonly book: Book; readonly lost: number }
  | { readonly kind: "drop"; readonly seqs: readonly number[]; readonly lost: number }
  | { readonly kind: "fewer"; readonly limit: number }
  | { readonly kind: "unasked" }
  | { readonly kind: "new_spool" }
  | { readonly kind: "later" }
  | { readonly kind: "stop" };

export function newBook(spool: string, vehicle: string): Book {
  return { spool, vehicle, last: 0, acknowledged: 0, told: 0, dropped: 0 };
}

/** The question for the watermark. */
export function question(book: Book, sent: number): Envelope {
  const after = book.acknowledged;
  return { v: 1, spool: book.spool, after, seq: after + 1, sent, source: "phone", positions: [] };
}

/** The first rows without a hole among them, as a message; null if there are none. Rows are in order, above W. */
export function batch(book: Book, rows: readonly Row[], sent: number): Envelope | null {
  const first = rows[0];
  if (first === undefined) return null;
  const unbroken = rows.filter((row, index) => row.seq === first.seq + index);
  const below = first.seq - 1;
  const after = Math.min(book.acknowledged, below);
  const oldest = Math.min(book.told, below) > after ? { oldest: true as const } : {};
  return { v: 1, spool: book.spool, after, seq: first.seq, sent, source: "phone", ...oldest, positions: unbroken.map(({ fix }) => fix) };
}

function believed(book: Book, seq: number): Book {
  return { ...book, acknowledged: seq, told: Math.max(book.told, seq) };
}

function onWatermark(book: Book, sent: Envelope, answer: Extract<Answer, { kind: "watermark" }>): Step {
  if (answer.spool !== book.spool) return { kind: "later" };
  if (answer.seq > book.last) return { kind: "new_spool" };
  const isBinding = sent.positions.length === 0 || answer.gap;
  const settle: Step = { kind: "settle", book: believed(book, answer.seq), lost: answer.rejected };
  if (isBinding) return settle;
  return answer.seq <= book.acknowledged ? { kind: "later" } : settle;
}

/** How many of the first are alike. */
function leading<T>(values: readonly T[], isAlike: (value: T) => boolean): number {
  const other = values.findIndex((value) => !isAlike(value));
  return other === -1 ? values.length : other;
}

function offShift({ positions, seq }: Envelope, begin: number, end: number): Step {
  const isInside = ({ time }: Fix): boolean => time >= begin && time <= end;
  const inside = leading(positions, isInside);
  if (inside > 0 && inside < positions.length) return { kind: "fewer", limit: inside };
  const outside = inside === 0 ? leading(positions, (fix) => !isInside(fix)) : inside; // all inside and refused: not to be had
  const isWanted = inside > 0 || begin > end; // without a shift nobody can say that they were not
  return { kind: "drop", seqs: Array.from({ length: outside }, (_, index) => seq + index), lost: isWanted ? outside : 0 };
}

/** What the answer to a message means. A batch that is refused whole must not be sent again; a question holds none that could be dropped. */
export function onAnswer(book: Book, sent: Envelope, answer: Answer): Step {
  switch (answer.kind) {
    case "watermark": return onWatermark(book, sent, answer);
    case "off_shift": return sent.positions.length === 0 ? { kind: "unasked" } : offShift(sent, answer.begin, answer.end);
    case "quarantined": return sent.positions.length === 0 ? { kind: "later" } : { kind: "drop", seqs: sent.positions.map((_, index) => sent.seq + index), lost: sent.positions.length };
    case "refused": return { kind: "stop" };
    case "away": return { kind: "later" };
  }
}

/** Whether a message left fewer positions to send: one that did not is repeated at once only so often. */
export function isProgress(sent: Envelope, step: Step): boolean {
  if (step.kind === "drop") return step.seqs.length > 0;
  return step.kind === "settle" && sent.positions.length > 0 && step.book.acknowledged >= sent.seq;
}

const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/** How long to wait after so many failures: doubled each time, stretched by up to a quarter (`chance` in [0, 1)). */
export function backoff(failures: number, chance: number): number {
  const base = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return Math.round(base * (1 + chance / 4));
}
