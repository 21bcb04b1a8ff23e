import { deviceGrant } from "../../shared/access.ts";
import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";
import { PageQuery } from "./queries.ts";

const jsonOrForm = ["application/json", "application/x-www-form-urlencoded"];

const oauth = {
  subject: "Sign-in",
  method: "post",
  access: "open",
  errorShape: "oauth",
} as const satisfies Partial<Operation>;

const signIn: Operation[] = [
  {
    ...oauth,
    id: "startPairing",
    path: "/api/v1/auth/device",
    summary: "Ask to be let in",
    body: { schema: inputs.DeviceInput, types: jsonOrForm, example: { client_id: "quietwatch-extension" } },
    answer: { status: 200, schema: outputs.DeviceAnswer },
    errors: ["overloaded"],
  },
  {
    ...oauth,
    id: "exchangeToken",
    path: "/api/v1/auth/token",
    summary: "Exchange a device code or a refresh token",
    body: {
      schema: inputs.TokenInput,
      types: jsonOrForm,
      example: { grant_type: deviceGrant, device_code: "qw_dev_example" },
    },
    answer: { status: 200, schema: outputs.TokenAnswer },
    errors: ["authorization_pending", "slow_down", "expired_token", "invalid_grant", "access_denied"],
  },
  {
    ...oauth,
    id: "revokeToken",
    path: "/api/v1/auth/revoke",
    summary: "End a credential that the caller holds",
    body: { schema: inputs.RevokeInput, types: jsonOrForm, example: { token: "qw_ref_example" } },
    answer: { status: 200, schema: outputs.Nothing },
  },
  {
    id: "showPairing",
    subject: "Sign-in",
    method: "get",
    path: "/api/v1/auth/device/{userCode}",
    summary: "Which extension asks to be let in",
    access: "person",
    answer: { status: 200, schema: outputs.PairingRequest },
    errors: ["not_found", "slow_down"],
  },
  {
    id: "approvePairing",
    subject: "Sign-in",
    method: "post",
    path: "/api/v1/auth/device/approve",
    summary: "Let an extension in, or refuse it",
    access: "person",
    body: { schema: inputs.ApproveInput, example: { userCode: "BCDF-GHJK", approve: true } },
    answer: { status: 200, schema: outputs.PairingDecision },
    errors: ["not_found", "conflict", "slow_down"],
  },
  {
    id: "useSignInLink",
    subject: "Sign-in",
    method: "post",
    path: "/api/v1/auth/link",
    summary: "Sign in by a link",
    detail: "Takes the link's token, once, and sets the session cookie.",
    access: "open",
    body: { schema: inputs.LinkInput, example: { token: "qw_link_example" } },
    answer: { status: 204 },
    errors: ["sign_in_expired", "origin_refused"],
  },
  {
    id: "createSignInLink",
    subject: "Sign-in",
    method: "post",
    path: "/api/v1/auth/links",
    summary: "Make a link that signs somebody in once",
    access: "tokens:manage",
    body: { schema: inputs.SignInLinkInput, example: { name: "Ada", role: "analyst" } },
    answer: { status: 201, schema: outputs.SignInLink },
    errors: ["conflict"],
  },
  {
    id: "signOut",
    subject: "Sign-in",
    method: "post",
    path: "/api/v1/auth/sign-out",
    summary: "End the sign-in of this request",
    access: "person",
    answer: { status: 204 },
  },
];

const tokens = { subject: "Access", access: "tokens:manage" } as const;

export const accessOperations: readonly Operation[] = [
  ...signIn.map((operation) => ({
    ...operation,
    alias: { id: `${operation.id}AtRoot`, path: operation.path.replace("/api/v1", "") },
  })),
  {
    id: "showMe",
    subject: "Access",
    method: "get",
    path: "/api/v1/me",
    summary: "Who the caller is and what they may do",
    access: "known",
    answer: { status: 200, schema: outputs.Me },
  },
  {
    ...tokens,
    id: "listTokens",
    method: "get",
    path: "/api/v1/tokens",
    summary: "API tokens, newest first",
    query: PageQuery,
    answer: { status: 200, schema: outputs.TokenPage },
  },
  {
    ...tokens,
    id: "createToken",
    method: "post",
    path: "/api/v1/tokens",
    summary: "Make an API token",
    detail: "The secret is in this answer and nowhere else. Nobody gives away more than they have.",
    body: {
      schema: inputs.CreateTokenInput,
      example: { name: "Prometheus", scopes: ["alerts:write"], expiresIn: "90d" },
    },
    answer: { status: 201, schema: outputs.TokenCreated },
  },
  {
    ...tokens,
    id: "deleteToken",
    method: "delete",
    path: "/api/v1/tokens/{id}",
    summary: "End an API token",
    answer: { status: 204 },
    errors: ["not_found"],
  },
];
