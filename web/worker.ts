import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rollup } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the driver's worker into one file of a fixed name, after the page: with the list of the page's files, and a
 * hash of them all, so that another page is another worker and one that has not changed is none.
 */
export function serviceWorker(base: string, outDir: string): Plugin {
  let files: readonly string[] = [];
  let hash = "";
  return {
    name: "service-worker",
    apply: "build",
    writeBundle(_options, bundle: Rollup.OutputBundle): void {
      files = [...Object.keys(bundle).filter((name) => name.startsWith("assets/")), "assets/icon.svg"].sort();
      hash = hashOf(bundle);
    },
    async closeBundle(): Promise<void> {
      await build({
        configFile: false,
        logLevel: "error",
        publicDir: false,
        define: { PRECACHED: JSON.stringify(files.map((name) => base + name)), BUILD: JSON.stringify(hash) },
        build: {
          outDir,
          emptyOutDir: false,
          rolldownOptions: { input: here("driver/src/sw.ts"), output: { format: "iife", entryFileNames: "assets/sw.js" } },
        },
      });
    },
  };
}

function hashOf(bundle: Rollup.OutputBundle): string {
  const hash = createHash("sha256");
  for (const [name, file] of Object.entries(bundle).sort(([a], [b]) => a.localeCompare(b))) {
    hash.update(name).update(file.type === "chunk" ? file.code : file.source);
  }
  return hash.digest("hex").slice(0, 16);
}
