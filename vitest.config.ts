import { defineConfig } from "vitest/config";

const layer = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], exclude: ["**/node_modules/**", "test/editor/carrier/**"], ...options },
});

// Four layers (docs/testing.md). Only `unit` runs without preparation; scripts/test.mjs prepares the others.
export default defineConfig({
  test: {
    projects: [
      layer("unit", { testTimeout: 30_000 }),
      layer("database", { testTimeout: 120_000, hookTimeout: 240_000, fileParallelism: false }),
      layer("truth", { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
      layer("editor", { testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false }),
    ],
  },
});
