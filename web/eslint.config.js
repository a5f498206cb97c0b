import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules/", "dist/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    rules: {
      // Names and reasons come from outside: text goes in as text.
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Set text, not markup." },
        { property: "outerHTML", message: "Set text, not markup." },
        { property: "insertAdjacentHTML", message: "Set text, not markup." },
        { property: "setHTML", message: "MapLibre: use setText or setDOMContent." },
      ],
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 45, skipComments: true, skipBlankLines: true }],
      eqeqeq: "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  { files: ["**/test/**"], rules: { "max-lines-per-function": "off" } },
);
