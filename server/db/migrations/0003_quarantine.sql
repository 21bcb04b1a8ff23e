CREATE TABLE "quarantine" (
	"alert_id" uuid PRIMARY KEY NOT NULL,
	"alerts" integer NOT NULL,
	"error" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
