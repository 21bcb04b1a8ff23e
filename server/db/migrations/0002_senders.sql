CREATE TABLE "asked_action" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"alias" text,
	"item_id" uuid,
	"is_done" boolean NOT NULL,
	"outcome" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"title" text NOT NULL,
	"environment" text,
	"service" text,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"links" jsonb NOT NULL,
	"source" text,
	"details" jsonb NOT NULL,
	"announced_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "heartbeat" (
	"detector" text PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"interval_ms" bigint NOT NULL,
	"environment" text,
	"service" text,
	"tags" text[] NOT NULL,
	"sent_by" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"silent_since" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "asked_action_at" ON "asked_action" USING btree ("at");--> statement-breakpoint
CREATE INDEX "change_ends" ON "change" USING btree ("ends_at");