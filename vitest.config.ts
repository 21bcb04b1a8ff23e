import { defineConfig } from "vitest/config";

/** Tests that need a store run twice: on PGlite and on a real PostgreSQL. */
const storeTests = ["services", "intake", "db", "routes", "auth", "compat", "jobs", "live"].map(
  (room) => `test/${room}/**/*.test.{ts,tsx}`,
);
const browserTests = ["test/e2e/**/*.test.{ts,tsx}"];

const storeTimes = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...storeTests, ...browserTests],
        },
      },
      {
        extends: true,
        test: {
          name: "store-pglite",
          include: storeTests,
          env: { QUIETWATCH_TEST_STORE: "pglite" },
          globalSetup: "test/support/pglite.ts",
          ...storeTimes,
        },
      },
      {
        extends: true,
        test: {
          name: "store-postgres",
          include: storeTests,
          env: { QUIETWATCH_TEST_STORE: "postgres" },
          globalSetup: "test/support/postgres.ts",
          ...storeTimes,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: browserTests,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // After everything else, because a browser and a busy machine do not go together.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
