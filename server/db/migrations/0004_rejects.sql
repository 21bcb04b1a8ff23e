CREATE TABLE "reject" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"environments" text[],
	"services" text[],
	"format" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"place" integer,
	"payload" "bytea" NOT NULL,
	"size" integer,
	"is_cut" boolean NOT NULL,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sender" (
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"environments" text[],
	"services" text[],
	"format" text NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"last_reject_at" timestamp (3) with time zone,
	"last_reject_code" text,
	"last_reject_message" text,
	CONSTRAINT "sender_actor_id_format_pk" PRIMARY KEY("actor_id","format")
);
--> statement-breakpoint
CREATE TABLE "sender_hour" (
	"actor_id" text NOT NULL,
	"format" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"requests" bigint NOT NULL,
	"received" bigint NOT NULL,
	"accepted" bigint NOT NULL,
	"rejected" bigint NOT NULL,
	"refused" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	CONSTRAINT "sender_hour_actor_id_format_hour_pk" PRIMARY KEY("actor_id","format","hour")
);
--> statement-breakpoint
CREATE INDEX "reject_sender" ON "reject" USING btree ("actor_id","format","id");