import { join } from "node:path";
import { readEnv } from "./env.ts";
import { StartError } from "./errors.ts";
import { startServer } from "./start-server.ts";

try {
  const server = await startServer(readEnv(), { pages: join(import.meta.dirname, "..", "dashboard") });
  const stop = () => void server.stop().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stderr.write(`${server.greeting.join("\n")}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`Quietwatch cannot start: ${error.message}\n`);
  process.exit(1);
}
