CREATE TABLE "action" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"verb" text NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "action_item" (
	"action_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	CONSTRAINT "action_item_action_id_item_id_pk" PRIMARY KEY("action_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "alert_index" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq_from" bigint NOT NULL,
	"seq_to" bigint NOT NULL,
	"received_from" timestamp (3) with time zone NOT NULL,
	"received_to" timestamp (3) with time zone NOT NULL,
	"detectors" text[] NOT NULL,
	"bytes" "bytea" NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "alert_index_default" PARTITION OF "alert_index" DEFAULT;
--> statement-breakpoint
CREATE TABLE "alert_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"alerts" integer NOT NULL,
	"raw_bytes" integer NOT NULL,
	"bytes" "bytea" NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "alert_log_default" PARTITION OF "alert_log" DEFAULT;
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"verb" text NOT NULL,
	"item_id" uuid,
	"action_id" uuid,
	"details" jsonb NOT NULL,
	"request_id" text NOT NULL,
	"previous_hash" "bytea",
	"hash" "bytea"
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "audit_default" PARTITION OF "audit" DEFAULT;
--> statement-breakpoint
CREATE TABLE "clock" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credential" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"hash" text NOT NULL,
	"name" text NOT NULL,
	"person_id" uuid,
	"scopes" text[] NOT NULL,
	"environments" text[],
	"services" text[],
	"severity_ceiling" text,
	"family" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"replaced_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "detector" (
	"source" text NOT NULL,
	"rule" text NOT NULL,
	"environment" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"alerts" bigint NOT NULL,
	"groups" bigint NOT NULL,
	CONSTRAINT "detector_source_rule_environment_pk" PRIMARY KEY("source","rule","environment")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"actor_id" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"status" smallint NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_actor_id_route_key_pk" PRIMARY KEY("actor_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "item" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"fingerprint" text,
	"version" integer NOT NULL,
	"changed_seq" bigint NOT NULL,
	"title" text NOT NULL,
	"source" text NOT NULL,
	"rule" text NOT NULL,
	"severity" text NOT NULL,
	"environment" text NOT NULL,
	"environment_mapped" boolean NOT NULL,
	"environment_because" text NOT NULL,
	"native_severity" text,
	"service" text,
	"band" smallint NOT NULL,
	"score" smallint NOT NULL,
	"factors" jsonb NOT NULL,
	"status" text NOT NULL,
	"cleared" boolean NOT NULL,
	"hidden_by" text,
	"hidden_id" text,
	"hidden_because" text,
	"episode" integer NOT NULL,
	"count" bigint NOT NULL,
	"occurrences" bigint NOT NULL,
	"member_count" integer NOT NULL,
	"entity_count" integer NOT NULL,
	"entities" jsonb NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"assignee" text,
	"acknowledged_by" text,
	"acknowledged_at" timestamp (3) with time zone,
	"snoozed_until" timestamp (3) with time zone,
	"snoozed_until_change" boolean NOT NULL,
	"verdict" text,
	"verdict_reason" text,
	"resolved_by" text,
	"resolved_at" timestamp (3) with time zone,
	"judged_score" smallint,
	"judged_entities" integer,
	"firing_until" timestamp (3) with time zone,
	"techniques" text[] NOT NULL,
	"note_count" integer NOT NULL,
	"evidence_count" integer NOT NULL,
	"runbook_url" text,
	"change_id" uuid,
	"rollup_id" uuid,
	"incident_id" uuid,
	"drill" boolean NOT NULL,
	"description" text,
	"labels" jsonb NOT NULL,
	"links" jsonb NOT NULL,
	"last_index" uuid,
	"memory" jsonb
);
--> statement-breakpoint
CREATE TABLE "item_entity" (
	"item_id" uuid NOT NULL,
	"type" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "item_entity_item_id_type_value_pk" PRIMARY KEY("item_id","type","value")
);
--> statement-breakpoint
CREATE TABLE "item_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"item_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"event" text NOT NULL,
	"because" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "note" (
	"id" uuid PRIMARY KEY NOT NULL,
	"item_id" uuid NOT NULL,
	"action_id" uuid NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "pairing" (
	"device_hash" text PRIMARY KEY NOT NULL,
	"user_code" text NOT NULL,
	"client" text NOT NULL,
	"status" text NOT NULL,
	"person_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"polled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"environments" text[],
	"services" text[],
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_sign_in_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "policy_version" (
	"version" integer PRIMARY KEY NOT NULL,
	"document" jsonb NOT NULL,
	"author" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_link" (
	"hash" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "tally" (
	"hour" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"environment" text NOT NULL,
	"service" text NOT NULL,
	"received" bigint NOT NULL,
	"created" bigint NOT NULL,
	"shown" bigint NOT NULL,
	CONSTRAINT "tally_hour_source_environment_service_pk" PRIMARY KEY("hour","source","environment","service")
);
--> statement-breakpoint
CREATE INDEX "action_at" ON "action" USING btree ("at");--> statement-breakpoint
CREATE INDEX "alert_index_seq" ON "alert_index" USING btree ("seq_to");--> statement-breakpoint
CREATE INDEX "alert_log_seq" ON "alert_log" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "audit_item" ON "audit" USING btree ("item_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "credential_hash" ON "credential" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "credential_family" ON "credential" USING btree ("family");--> statement-breakpoint
CREATE INDEX "credential_expires" ON "credential" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_created" ON "idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "item_fingerprint" ON "item" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "item_changed" ON "item" USING btree ("changed_seq");--> statement-breakpoint
CREATE INDEX "item_queue" ON "item" USING btree ("band","score" DESC NULLS LAST,"last_seen" DESC NULLS LAST,"id") WHERE "item"."status" <> 'resolved' and "item"."rollup_id" is null and "item"."incident_id" is null;--> statement-breakpoint
CREATE INDEX "item_rollup" ON "item" USING btree ("rollup_id") WHERE "item"."rollup_id" is not null;--> statement-breakpoint
CREATE INDEX "item_incident" ON "item" USING btree ("incident_id") WHERE "item"."incident_id" is not null;--> statement-breakpoint
CREATE INDEX "item_firing" ON "item" USING btree ("firing_until") WHERE "item"."firing_until" is not null;--> statement-breakpoint
CREATE INDEX "item_snoozed" ON "item" USING btree ("snoozed_until") WHERE "item"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX "item_entity_value" ON "item_entity" USING btree ("type","value");--> statement-breakpoint
CREATE INDEX "item_event_item" ON "item_event" USING btree ("item_id","id");--> statement-breakpoint
CREATE INDEX "note_item" ON "note" USING btree ("item_id","id");--> statement-breakpoint
CREATE INDEX "note_action" ON "note" USING btree ("action_id");--> statement-breakpoint
CREATE UNIQUE INDEX "pairing_user_code" ON "pairing" USING btree ("user_code");--> statement-breakpoint
CREATE UNIQUE INDEX "person_name" ON "person" USING btree ("name");--> statement-breakpoint
ALTER TABLE "alert_log" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "alert_index" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "item" SET (fillfactor = 70);--> statement-breakpoint
INSERT INTO "clock" ("name", "seq") VALUES ('log', 0), ('live', 0), ('triage', 0);
