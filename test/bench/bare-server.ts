import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";

/** A Hono handler that parses the body and keeps nothing: what HTTP and JSON alone cost. */
const app = new Hono().post("/", async (c) => {
  const alerts = await c.req.json();
  return c.json({ accepted: alerts.length }, 202);
});
const server = createAdaptorServer({ fetch: app.fetch });
server.listen(Number(process.argv[2]), "127.0.0.1");
