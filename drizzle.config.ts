import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: [
    "./server/db/schema.ts",
    "./server/db/silence-tables.ts",
    "./server/db/sender-tables.ts",
    "./server/db/intake-tables.ts",
    "./server/db/quarantine-tables.ts",
  ],
  out: "./server/db/migrations",
});
