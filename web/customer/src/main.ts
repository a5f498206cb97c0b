import { Poll } from "./poll";
import { show, showBehind } from "./show";
import type { Van } from "./state";
import type { VanMap } from "./van-map";

/** One answer that is missed is a tunnel; of two the customer is told. */
const MISSES_TOLD = 2;

/** The gateway says where the delivery is: the answer to a form stands at the form's own address. */
const path = document.querySelector<HTMLElement>("[data-delivery]")?.dataset["delivery"] ?? location.pathname.replace(/\/$/, "");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

let map: Promise<VanMap | null> | null = null;
let known = new Date();

/** The map is loaded when there is a van to see, and not before; without it the text says where the van is. */
async function showVan(van: Van | null): Promise<void> {
  const container = document.getElementById("map");
  if (container === null || (van === null && map === null)) return;
  map ??= import("./van-map").then(({ openMap }) => openMap(container)).catch(() => null);
  const opened = await map;
  if (van !== null) opened?.show(van);
}

const poll = new Poll(`${path}/state`, {
  changed(state) {
    show(state);
    void showVan(state.van);
  },
  reached() {
    known = new Date();
    showBehind(null);
  },
  missed(failures) {
    if (failures >= MISSES_TOLD) showBehind(clock.format(known));
  },
  ended() {
    location.reload(); // what the page says then is the gateway's to say
  },
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") poll.now();
  else poll.stop();
});
poll.now();
