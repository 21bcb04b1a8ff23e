import { systemActor } from "../auth/actors.ts";
import { systemClock } from "../clock.ts";
import { type Env, readEnv } from "../env.ts";
import { exportAll } from "../services/export/export-all.ts";
import { isServed } from "./ask-control-socket.ts";
import { ask, connectionHelp, connectionOf, refusalOf, sentenceOf } from "./connection.ts";
import { hasOwnStore, withOwnStore } from "./own-store.ts";
import { connectionFlags, onlyOne, readFlags } from "./read-flags.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";
import { writeExport } from "./write-export.ts";

export const exportVerb: Verb = {
  usage: "export FILE[.gz]|- [--with-credentials]",
  help: `Writes everything to a file, for safe-keeping or for import into another store: originals, groups, notes, audit,
people, policy. Never who is signed in. FILE appears only when it is whole.
From a server that runs on this data folder, or at --server, through its API (a token with data:export);
else from the store itself.

  --with-credentials  hashes of API tokens too, so that they work in the other store (tokens:manage as well)
${connectionHelp.slice(1)}`,
  run: async (args) => {
    const flags = { ...connectionFlags, "with-credentials": { type: "boolean" } } as const;
    const { values, positionals } = readFlags(args, flags);
    const file = onlyOne(positionals, "FILE");
    const withCredentials = values["with-credentials"] === true;
    const env = readEnv();
    if (values.server !== undefined || (await needsServer(env))) {
      await fromServer(values, file, withCredentials);
    } else {
      if (values.token !== undefined)
        throw new UsageError("no server runs on this data folder; --token goes with --server");
      await fromStore(env, file, withCredentials);
    }
    return 0;
  },
};

async function needsServer(env: Env): Promise<boolean> {
  if (!hasOwnStore(env)) return true;
  return env.databaseUrl === null && (await isServed(env.dataDir));
}

async function fromServer(
  asked: { server?: string | undefined; token?: string | undefined },
  file: string,
  withCredentials: boolean,
): Promise<void> {
  const response = await ask(connectionOf(asked), `/export/all.ndjson?credentials=${withCredentials}`);
  if (!response.ok) throw new CliError(sentenceOf(response.status, await refusalOf(response)));
  if (response.body === null) throw new CliError("the server sent nothing");
  await writeExport(file, response.body);
}

function fromStore(env: Env, file: string, withCredentials: boolean): Promise<void> {
  return withOwnStore(env, async (store) => {
    const ctx = { db: store.db, clock: systemClock, actor: systemActor, requestId: "command-line" };
    await writeExport(file, await exportAll(ctx, store, { withCredentials }));
  });
}
