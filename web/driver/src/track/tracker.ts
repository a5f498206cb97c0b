/** This phone as the van's tracker: within the shift, while the page is in front, and said loudly if it is not so. */
import type { Shift } from "../day/model";
import type { Place } from "../queue/items";
import { alone } from "../queue/sender";
import type { Spool, Tally } from "../store/spool";
import { backoff, type Fix } from "./exchange";
import { fixOf, isInShift, isWorthKeeping } from "./policy";
import { randomId } from "../random";
import type { Uploaded, Uploader } from "./uploader";

/**
 * off: not in the shift, or switched off; another: another page of this phone does it; ask: the driver has not been asked yet.
 * The others are a shift that is not followed: refused by the driver or the phone, no fix, or the page was not in front.
 */
export type TrackState = "off" | "another" | "ask" | "starting" | "on" | "denied" | "unavailable" | "no_fix" | "hidden" | "refused";

const LOCK = "milepost-tracker";
const UPLOAD_EACH_MS = 10_000;
/** Three missed fixes of a phone that lies still. */
const NO_FIX_AFTER_MS = 95_000;
/** A place that is older says nothing of where a tap was made. */
const PLACE_FOR_MS = 60_000;
/** A glance at the map application is no gap: it is shorter than the time after which a vehicle counts as silent. */
const GLANCE_MS = 60_000;

export interface Wanted {
  readonly shift: Shift | undefined;
  /** How far the gateway's clock is ahead of the phone's. */
  readonly offset: number;
  /** Whether the driver lets this phone be followed. */
  readonly allowed: boolean;
}

export class Tracker {
  state: TrackState = "off";
  /** While the page was not in front: from when to when, until the driver has read it. */
  paused: { readonly from: number; readonly to: number } | null = null;
  /** Whether the screen may go dark, which stops the tracking. */
  screenMaySleep = false;
  /** What of the positions waits, and what was lost; looked at each time that they are sent. */
  tally: Tally = { waiting: 0, dropped: 0 };
  readonly #spool: Spool;
  readonly #uploader: Uploader;
  readonly #changed: () => void;
  readonly #elapsed: () => number;
  #wanted: Wanted = { shift: undefined, offset: 0, allowed: false };
  #watch: number | null = null;
  #kept: Fix | null = null;
  #newest: { readonly place: Place; readonly accuracy: number; readonly at: number } | null = null;
  #hiddenSince: number | null = null;
  #wake: WakeLockSentinel | null = null;
  #release: (() => void) | null = null;
  #failures = 0;
  /** The gateway said that it takes none from this phone. */
  #isRefused = false;
  #nextUpload = 0;
  #isUploading = false;
  #startedAt = 0;
  #writing: Promise<void> = Promise.resolve();

  /** `elapsed` is a clock that nobody sets: a phone's own may be put back by hours. */
  constructor(spool: Spool, uploader: Uploader, changed: () => void, elapsed = (): number => performance.now()) {
    this.#elapsed = elapsed;
    this.#spool = spool;
    this.#uploader = uploader;
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => { this.#onVisibility(); });
  }

  /** Where the phone is; null if it does not know. */
  where(now: number): { readonly place: Place; readonly accuracy: number } | null {
    return this.#newest !== null && now - this.#newest.at < PLACE_FOR_MS ? this.#newest : null;
  }

  /** Starts or stops as the day and the driver want it; called each few seconds. */
  async tick(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    const now = Date.now();
    const isOn = wanted.allowed && isInShift(wanted.shift, now + wanted.offset);
    if (!isOn) this.#stop("off");
    else if (this.#watch === null) await this.#begin();
    else if (document.visibilityState === "visible") this.#look(now);
    void this.#upload(this.#elapsed()); // a long backlog holds up nothing else
  }

  /** Asks for the permission: called from a press of a button, because phones like it so. */
  start(): void {
    if (this.#watch !== null) return;
    this.#to("starting");
    this.#startedAt = Date.now();
    const options = { enableHighAccuracy: true, maximumAge: 2_000, timeout: 60_000 };
    this.#watch = navigator.geolocation.watchPosition((position) => { this.#onPosition(position); }, (error) => { this.#onError(error); }, options);
    void this.#keepAwake();
  }

  #look(now: number): void {
    const since = this.#newest?.at ?? this.#startedAt;
    if ((this.state === "on" || this.state === "starting") && now - since > NO_FIX_AFTER_MS) this.#to("no_fix");
    if (this.#wake === null || this.#wake.released) void this.#keepAwake();
  }

  async #begin(): Promise<void> {
    if (!("geolocation" in navigator) || !isSecureContext) { this.#to("unavailable"); return; }
    if (!(await this.#isMine())) { this.#to("another"); return; }
    const permission = await permissionNow();
    if (permission === "granted") this.start();
    else this.#to(permission === "denied" ? "denied" : "ask");
  }

  /** One page of a phone tracks: whoever has the lock keeps it until the shift ends. */
  #isMine(): Promise<boolean> {
    if (this.#release !== null) return Promise.resolve(true);
    return new Promise((resolve) => {
      const hold = async (): Promise<boolean> => {
        const held = new Promise<void>((release) => { this.#release = release; });
        resolve(true);
        await held;
        return true;
      };
      void alone(LOCK, hold, false).then(resolve);
    });
  }

  #stop(state: TrackState): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    this.#release?.();
    this.#release = null;
    void this.#wake?.release();
    this.#wake = null;
    this.screenMaySleep = false;
    this.#to(state);
  }

  #onPosition({ coords, timestamp }: GeolocationPosition): void {
    this.#newest = { place: { lat: coords.latitude, lon: coords.longitude }, accuracy: coords.accuracy, at: Date.now() };
    this.#to(this.#isRefused ? "refused" : "on");
    const fix = fixOf(coords, timestamp, this.#wanted.offset);
    const { shift } = this.#wanted;
    if (shift === undefined || !isInShift(shift, fix.time) || !isWorthKeeping(this.#kept, fix)) return;
    this.#kept = fix;
    this.#writing = this.#writing.then(async () => {
      await this.#spool.book(shift.vehicle, randomId);
      await this.#spool.append(shift.vehicle, fix);
    }).catch((error: unknown) => { console.error(error); });
  }

  #onError({ code }: GeolocationPositionError): void {
    if (code === GeolocationPositionError.PERMISSION_DENIED) this.#stop("denied");
    else if (Date.now() - (this.#newest?.at ?? this.#startedAt) > NO_FIX_AFTER_MS) this.#to("no_fix");
  }

  #onVisibility(): void {
    const now = Date.now();
    if (document.visibilityState === "hidden") {
      this.#hiddenSince = this.#watch === null ? null : now;
      if (this.#watch !== null) this.#to("hidden");
      return;
    }
    if (this.#hiddenSince !== null && now - this.#hiddenSince > GLANCE_MS) this.paused = { from: this.paused?.from ?? this.#hiddenSince, to: now };
    this.#hiddenSince = null;
    if (this.state === "hidden") this.#to("starting");
    this.#startedAt = now;
    if (this.#watch !== null) void this.#keepAwake();
  }

  async #keepAwake(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    try {
      this.#wake = await navigator.wakeLock.request("screen");
      this.screenMaySleep = false;
    } catch {
      this.screenMaySleep = true; // a phone that saves its battery, or one that knows no wake lock
    }
    this.#changed();
  }

  async #upload(now: number): Promise<void> {
    if (now < this.#nextUpload || this.#isUploading) return;
    this.#nextUpload = now + UPLOAD_EACH_MS;
    this.#isUploading = true;
    try {
      await this.#writing;
      this.#onUploaded(await alone("milepost-positions", () => this.#uploader.upload(), "elsewhere" as const));
      await this.#count();
    } catch (error) {
      console.error(error);
    } finally {
      this.#isUploading = false;
    }
  }

  /** The driver has read how many were lost. */
  async readDropped(): Promise<void> {
    await this.#spool.readDropped();
    await this.#count();
  }

  async #count(): Promise<void> {
    this.tally = await this.#spool.tally();
    this.#changed();
  }

  #onUploaded(done: Uploaded | "elsewhere"): void {
    if (done === "elsewhere") return; // another page of this phone sends them
    this.#heard(done);
    this.#failures = done === "empty" ? 0 : this.#failures + 1;
    if (done !== "empty") this.#nextUpload = this.#elapsed() + backoff(this.#failures, Math.random());
  }

  /** That the link is of no use for positions is said as long as it is so: the driver may believe that they are seen. */
  #heard(done: Uploaded): void {
    if (done === "stopped") this.#isRefused = true;
    if (done === "empty") this.#isRefused = false;
    if (this.#isRefused && (this.state === "on" || this.state === "starting")) this.#to("refused");
    if (!this.#isRefused && this.state === "refused") this.#to("on");
  }

  #to(state: TrackState): void {
    if (this.state === state) return;
    this.state = state;
    this.#changed();
  }
}

/** Whether the page may ask where the phone is; a browser that does not say so is asked by asking the driver. */
async function permissionNow(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state;
  } catch {
    return "prompt";
  }
}
