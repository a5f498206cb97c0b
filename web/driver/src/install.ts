/** What makes the page an application on the phone: its manifest, its worker, and a store that is not cleared away. */
import { h } from "./view/dom";

const WORKER = "/driver/assets/sw.js";

export function installWorker(token: string): void {
  document.head.append(h("link", { rel: "manifest", href: `/driver/${token}/manifest.webmanifest` }));
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(WORKER, { scope: "/driver/", updateViaCache: "none" }).catch((error: unknown) => { console.warn(error); });
  void navigator.storage.persist().catch(() => false);
  reloadOnUpdate();
}

/** A new version takes over at once, and the page follows when nobody looks: all that was tapped is on the disk. */
function reloadOnUpdate(): void {
  if (navigator.serviceWorker.controller === null) return; // the first worker of this page is no update
  let isNew = false;
  const follow = (): void => { if (isNew && document.visibilityState === "hidden") location.reload(); };
  navigator.serviceWorker.addEventListener("controllerchange", () => { isNew = true; follow(); });
  document.addEventListener("visibilitychange", follow);
}
