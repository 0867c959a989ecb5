import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import layering from "./scripts/lint/layering.mjs";

const nodeGlobals = {
  process: "readonly",
  console: "readonly",
  URL: "readonly",
  performance: "readonly",
  setTimeout: "readonly",
  setInterval: "readonly",
  clearInterval: "readonly",
  clearTimeout: "readonly",
  Buffer: "readonly",
  fetch: "readonly",
};

export default tseslint.config(
  { ignores: ["dist/", "out/", ".cache/", "**/node_modules/", "media/", "test/editor/carrier/", "**/.venv/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { files: ["**/*.mjs", "**/*.js", "**/*.cjs"], languageOptions: { globals: nodeGlobals } },
  {
    files: ["server/src/**/*.ts", "client/src/**/*.ts", "webview/src/**/*.{ts,tsx}"],
    plugins: { project: layering },
    rules: {
      "project/layering": "error",
      "max-lines": ["error", { max: 600 }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-namespace": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  prettier,
);
