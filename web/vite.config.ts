import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { fakeDriver } from "./dev/driver.ts";
import { fakeGateway } from "./dev/plugin.ts";
import { serviceWorker } from "./worker.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Each page is a folder with its own index.html, built into its own folder of the gateway's package. */
const page = process.env["PAGE"] ?? "console";

/** Where the page's files are served: the console's at the root, the others' below their own name. */
const base = page === "console" ? "/" : `/${page}/`;
const testing = process.env["VITEST"] !== undefined;

/** A running gateway to develop against; without one the fake fleet answers. */
const gateway = process.env["MILEPOST_GATEWAY"];
const faked = gateway === undefined && !testing;
const outDir = here(`../gateway/http/static/${page}`);
const fakes = { console: fakeGateway, driver: fakeDriver };
const fake = faked && page in fakes ? [fakes[page as keyof typeof fakes]()] : [];
const paths = ["/api", "/map", "/healthz", "/readyz", "/metrics", "^/driver/[^/]+/(day|taps|proofs|manifest)"];

export default defineConfig({
  root: here(testing ? "." : page),
  base,
  plugins: [...fake, ...(page === "driver" ? [serviceWorker(base, outDir)] : [])],
  server: {
    host: "127.0.0.1",
    proxy: gateway === undefined ? {} : Object.fromEntries(paths.map((path) => [path, gateway])),
  },
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0, // no data: addresses, so that the content security policy stays narrow
    chunkSizeWarningLimit: 1_200, // MapLibre, loaded after the list is on the screen
  },
  test: { include: ["{console,driver,customer}/test/**/*.test.ts"], environment: "node" },
});
