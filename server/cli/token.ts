import * as v from "valibot";
import { CreateTokenInput, type TokenCreated, type TokenSummary } from "../../shared/access.ts";
import type { Page } from "../../shared/queue.ts";
import { call, connectionHelp, connectionOf } from "./connection.ts";
import { escapeControls } from "./escape-controls.ts";
import { isUuid } from "./is-uuid.ts";
import { connectionFlags, onlyOne, readFlags } from "./read-flags.ts";
import { UsageError, type Verb } from "./verb.ts";

export const token: Verb = {
  usage: "token create --name NAME --scope SCOPE[,…] …  or  token list  or  token revoke ID",
  help: `Makes, lists and ends API tokens. The secret of a new one is all that standard output gets, and is shown
nowhere again.

  --name NAME       what it is for
  --scope SCOPE     alerts:write, queue:read, queue:act, reports:read, tokens:manage, policy:manage,
                    data:export, data:import; more with commas or repeated
  --expires TIME    such as 30d; default 90d, at most 365d
  --environment E, --service S
                    reaches only these; may be repeated
  --ceiling LEVEL   the worst severity its alerts may have
${connectionHelp.slice(1)}`,
  run: async ([subverb, ...args]) => {
    if (subverb === "create") return create(args);
    if (subverb === "list") return list(args);
    if (subverb === "revoke") return revoke(args);
    throw new UsageError(
      subverb === undefined ? "create, list or revoke is missing" : "it is create, list or revoke",
    );
  },
};

async function create(args: string[]): Promise<number> {
  const { values, positionals } = readFlags(args, {
    ...connectionFlags,
    name: { type: "string" },
    scope: { type: "string", multiple: true },
    expires: { type: "string" },
    environment: { type: "string", multiple: true },
    service: { type: "string", multiple: true },
    ceiling: { type: "string" },
  });
  if (positionals.length > 0) throw new UsageError(`${positionals[0]?.slice(0, 64)} is one word too many`);
  const { name, scope, expires, environment, service, ceiling } = values;
  if (name === undefined) throw new UsageError("--name is missing");
  if (scope === undefined) throw new UsageError("--scope is missing");
  const input = v.safeParse(CreateTokenInput, {
    name,
    scopes: scope.flatMap((names) => names.split(",")),
    environments: environment ?? null,
    services: service ?? null,
    severityCeiling: ceiling ?? null,
    ...(expires !== undefined && { expiresIn: expires }),
  });
  if (!input.success) throw new UsageError(input.issues[0].message);
  const made = await call<TokenCreated>(connectionOf(values), "POST", "/tokens", input.output);
  process.stdout.write(`${made.token}\n`);
  process.stderr.write(`${made.id} ends ${made.expiresAt}; its secret is not shown again\n`);
  return 0;
}

async function list(args: string[]): Promise<number> {
  const { values } = readFlags(args, connectionFlags);
  const connection = connectionOf(values);
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    const page: Page<TokenSummary> = await call(connection, "GET", `/tokens?limit=200${query}`);
    for (const one of page.items) process.stdout.write(`${escapeControls(lineOf(one))}\n`);
    cursor = page.next;
  } while (cursor !== null);
  return 0;
}

function lineOf({ id, name, scopes, expiresAt, revokedAt }: TokenSummary): string {
  const end = revokedAt === null ? `ends ${expiresAt}` : `revoked ${revokedAt}`;
  return `${id}  ${end}  ${scopes.join(",")}  ${name}`;
}

async function revoke(args: string[]): Promise<number> {
  const { values, positionals } = readFlags(args, connectionFlags);
  const id = onlyOne(positionals, "ID");
  if (!isUuid(id)) throw new UsageError(`${id.slice(0, 64)} is no id of a token`);
  await call(connectionOf(values), "DELETE", `/tokens/${id}`);
  process.stdout.write(`revoked ${id}\n`);
  return 0;
}
