CREATE TABLE "silence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"dialect" text NOT NULL,
	"matchers" jsonb NOT NULL,
	"reason" text NOT NULL,
	"author_id" text NOT NULL,
	"author" text NOT NULL,
	"created_by" text,
	"environments" text[],
	"services" text[],
	"over_critical" boolean NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	"phase" text NOT NULL,
	"swept_to" uuid
);
--> statement-breakpoint
CREATE INDEX "silence_phase" ON "silence" USING btree ("phase","id");--> statement-breakpoint
CREATE INDEX "silence_ends" ON "silence" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "item_silenced" ON "item" USING btree ("hidden_id","id") WHERE "item"."hidden_by" = 'silence';--> statement-breakpoint
INSERT INTO "clock" ("name", "seq") VALUES ('silences', 0);
