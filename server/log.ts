import { hostname } from "node:os";

/** Syslog severities that the server writes, by their mozlog number. */
const numbers = { error: 3, warn: 4, info: 6, debug: 7 } as const;
export type LogLevel = keyof typeof numbers;
export const logLevels = Object.keys(numbers).filter((name): name is LogLevel => name in numbers);

export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** One line of mozlog 2.0 JSON a call; `type` names what happened, such as `api.request.summary`. */
export type Log = (level: LogLevel, type: string, fields?: LogFields) => void;

export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const host = hostname();
  return (severity, type, fields = {}) => {
    if (numbers[severity] > numbers[level]) return;
    const now = Date.now();
    // Nanoseconds exceed what a JavaScript number holds exactly, so they are written as text.
    const head = `{"Timestamp":${now}000000,`;
    const record = {
      Time: new Date(now).toISOString(),
      Type: type,
      Logger: "quietwatch",
      Hostname: host,
      EnvVersion: "2.0",
      Severity: numbers[severity],
      Pid: process.pid,
      Fields: fields,
    };
    write(`${head}${JSON.stringify(record).slice(1)}\n`);
  };
}
