import * as v from "valibot";
import { CreateTokenInput, DeviceInput, TokenInput } from "../../shared/access.ts";
import * as actions from "../../shared/actions.ts";
import { AlertInput, Entity, Link, limits } from "../../shared/alert.ts";
import * as alertmanager from "../../shared/alertmanager.ts";
import { ErrorBody } from "../../shared/failure.ts";
import { Factor, Hidden, Item, ItemDetail, Note } from "../../shared/group.ts";
import { Policy, PolicyVersion } from "../../shared/policy.ts";
import { Counts, QueueAnswer } from "../../shared/queue.ts";
import { Readiness } from "../../shared/readiness.ts";
import { Reject, Source } from "../../shared/senders.ts";
import { CreateSilenceInput, Silence } from "../../shared/silence.ts";
import { TrySourceAnswer, TrySourceInput } from "../../shared/try-source.ts";
import { ApproveInput } from "../services/access/approve-pairing.ts";
import { SignInLinkInput } from "../services/access/create-sign-in-link.ts";
import { answers } from "./answers.ts";
import { senderInputs, senderOutputs } from "./sender-schemas.ts";
import { standInInputs, standInOutputs } from "./stand-in-schemas.ts";

const pageOf = <Schema extends v.GenericSchema>(one: Schema) =>
  v.object({ items: v.array(one), next: v.nullable(v.string()) });
const anyObject = v.looseObject({});

/** What is the same in requests and in answers. */
const parts = { Entity, Link, Factor, Hidden, Note, Counts, Item };

/** What requests hold. */
export const inputs = {
  AlertInput,
  AlertsInput: v.union([AlertInput, v.pipe(v.array(AlertInput), v.maxLength(limits.alertsPerRequest))]),
  NativeAlerts: v.union([anyObject, v.pipe(v.array(anyObject), v.maxLength(limits.alertsPerRequest))]),
  AcknowledgeInput: actions.AcknowledgeInput,
  AnnotateInput: actions.AnnotateInput,
  SnoozeInput: actions.SnoozeInput,
  ResolveInput: actions.ResolveInput,
  AssignInput: actions.AssignInput,
  EscalateInput: actions.EscalateInput,
  ReopenInput: actions.ReopenInput,
  BulkInput: actions.BulkInput,
  CreateSilenceInput,
  CreateTokenInput,
  DeviceInput,
  TokenInput,
  RevokeInput: v.object({ token: v.string(), token_type_hint: v.optional(v.string()) }),
  PostableSilence: alertmanager.PostableSilence,
  LinkInput: v.object({ token: v.pipe(v.string(), v.maxLength(256)) }),
  SignInLinkInput,
  ApproveInput,
  PolicyInput: Policy,
  TrySourceInput,
  ...senderInputs,
  ...standInInputs,
} as const;

/** What answers hold. */
export const outputs = {
  ...answers,
  QueueAnswer,
  ItemDetail,
  ItemPage: pageOf(Item),
  TimelinePage: pageOf(answers.TimelineEntry),
  AlertPage: pageOf(answers.StoredAlert),
  TrySourceAnswer,
  PolicyAnswer: v.object({ ...PolicyVersion.entries, document: Policy }),
  PolicyVersionPage: pageOf(PolicyVersion),
  Silence,
  SilencePage: pageOf(Silence),
  RejectPage: pageOf(Reject),
  SourcePage: pageOf(Source),
  TokenPage: pageOf(answers.TokenSummary),
  Nothing: v.object({}),
  Health: v.object({ status: v.string() }),
  Readiness,
  ErrorBody,
  OauthError: v.object({ error: v.string(), error_description: v.string() }),
  GettableAlert: alertmanager.GettableAlert,
  GettableAlerts: alertmanager.GettableAlerts,
  AlertGroups: alertmanager.AlertGroups,
  GettableSilence: alertmanager.GettableSilence,
  GettableSilences: alertmanager.GettableSilences,
  SilenceId: alertmanager.SilenceId,
  Receivers: alertmanager.Receivers,
  AlertmanagerStatus: alertmanager.AlertmanagerStatus,
  AlertmanagerError: v.union([v.string(), ErrorBody]),
  ...senderOutputs,
  ...standInOutputs,
} as const;

export const components: Readonly<Record<string, v.GenericSchema>> = { ...parts, ...inputs, ...outputs };

export const sides = {
  input: { ...parts, ...inputs },
  output: { ...parts, ...outputs },
} as const;
