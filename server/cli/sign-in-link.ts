import { userInfo } from "node:os";
import * as v from "valibot";
import { Role, roles } from "../../shared/access.ts";
import { systemActor } from "../auth/actors.ts";
import { systemClock } from "../clock.ts";
import { type Env, readEnv } from "../env.ts";
import { createSignInLink, type SignInLinkInput } from "../services/access/create-sign-in-link.ts";
import { askControlSocket } from "./ask-control-socket.ts";
import { withOwnStore } from "./own-store.ts";
import { readFlags } from "./read-flags.ts";
import { UsageError, type Verb } from "./verb.ts";

export const signInLink: Verb = {
  usage: "sign-in-link [--name NAME] [--role ROLE]",
  help: `Prints a link that signs a person in once, within 15 minutes. For whoever owns the data folder or the database:
it needs no token. The server may run or not.

  --name NAME       who it is for; default: your name on this machine
  --role ROLE       ${roles.filter((role) => role !== "detector").join(", ")}; default: admin for the first person,
                    analyst for others, unchanged for somebody who is known`,
  run: async (args) => {
    const { values, positionals } = readFlags(args, { name: { type: "string" }, role: { type: "string" } });
    if (positionals.length > 0) throw new UsageError("the name goes after --name");
    const input = {
      name: values.name ?? userInfo().username,
      ...(values.role && { role: roleOf(values.role) }),
    };
    const env = readEnv();
    process.stdout.write(`${await linkFor(env, input)}\n`);
    return 0;
  },
};

function roleOf(name: string): Role {
  if (v.is(Role, name) && name !== "detector") return name;
  throw new UsageError(`no role is named ${name.slice(0, 64)}`);
}

async function linkFor(env: Env, input: SignInLinkInput): Promise<string> {
  const { name, role } = input;
  const asked =
    env.databaseUrl === null
      ? await askControlSocket(env.dataDir, { name, ...(role !== undefined && { role }) })
      : null;
  if (asked !== null) return asked;
  const address =
    env.publicUrl ?? `http://${env.host.includes(":") ? `[${env.host}]` : env.host}:${env.port}`;
  return withOwnStore(env, async ({ db }) => {
    const ctx = { db, clock: systemClock, actor: systemActor, requestId: "command-line" };
    return (await createSignInLink(ctx, input, address)).url;
  });
}
