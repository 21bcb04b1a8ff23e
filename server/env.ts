import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { StartError } from "./errors.ts";
import { type LogLevel, logLevels } from "./log.ts";

export interface Env {
  port: number;
  host: string;
  dataDir: string;
  /** PostgreSQL, where set; else the embedded store in `dataDir`. */
  databaseUrl: string | null;
  adminToken: string | null;
  /** What people type to reach us; no slash at the end. */
  publicUrl: string | null;
  logLevel: LogLevel;
}

type Source = Record<string, string | undefined>;

/**
 * Reads the configuration; `NAME_FILE` names a file whose content is the value.
 * @throws StartError naming the variable and what it takes
 */
export function readEnv(source: Source = process.env): Env {
  const read = (name: string) => readVariable(source, `QUIETWATCH_${name}`);
  return {
    port: port(read("PORT") ?? "8787"),
    host: read("HOST") ?? "127.0.0.1",
    dataDir: read("DATA_DIR") ?? "./data",
    databaseUrl: databaseUrl(read("DATABASE_URL")),
    adminToken: adminToken(read("ADMIN_TOKEN")),
    publicUrl: publicUrl(read("PUBLIC_URL")),
    logLevel: logLevel(read("LOG_LEVEL") ?? "info"),
  };
}

/** What the command line shows a server: its own token, else the administrator's. */
export function readClientToken(source: Source = process.env): string | null {
  return readVariable(source, "QUIETWATCH_TOKEN") ?? readVariable(source, "QUIETWATCH_ADMIN_TOKEN");
}

/** Where the command line keeps what it has to remember: the data folder where one is named, else the user's. */
export function readStateFolder(source: Source = process.env): string {
  const named = readVariable(source, "QUIETWATCH_DATA_DIR");
  if (named !== null) return named;
  return join(source.XDG_STATE_HOME || join(homedir(), ".local/state"), "quietwatch");
}

function readVariable(source: Source, name: string): string | null {
  const direct = source[name];
  if (direct !== undefined && direct !== "") return direct;
  const file = source[`${name}_FILE`];
  if (file === undefined || file === "") return null;
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new StartError(`${name}_FILE must be the path of a readable file; ${file} is not.`);
  }
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new StartError(`QUIETWATCH_PORT must be a port from 0 to 65535; it is "${text}".`);
}

function databaseUrl(text: string | null): string | null {
  if (text === null || /^postgres(?:ql)?:\/\//.test(text)) return text;
  throw new StartError("QUIETWATCH_DATABASE_URL must begin with postgres:// or be left out.");
}

function adminToken(text: string | null): string | null {
  if (text === null || text.length >= 16) return text;
  throw new StartError("QUIETWATCH_ADMIN_TOKEN must have at least 16 characters.");
}

function publicUrl(text: string | null): string | null {
  if (text === null) return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new StartError(`QUIETWATCH_PUBLIC_URL must be an http or https address; it is "${text}".`);
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level !== undefined) return level;
  throw new StartError(`QUIETWATCH_LOG_LEVEL must be one of ${logLevels.join(", ")}; it is "${text}".`);
}
