const zoned =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,3})\d*)?\s?(?:([Zz]|UTC|GMT)|([+-]\d\d):?(\d\d))$/;
/** A time in UTC that any calendar has; its day, clock and fraction are those of the answer already. */
const plainUtc =
  /^(2\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31))[Tt ]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,](\d{1,3})\d*)?\s?(?:[Zz]|UTC|GMT|[+-]00:?00)$/;
/** The last millisecond whose year still has four digits. */
const lastTime = 253_402_300_799_999;

function isoOf(milliseconds: number): string | undefined {
  if (!(milliseconds > 0 && milliseconds <= lastTime)) return undefined;
  return new Date(milliseconds).toISOString();
}

/** A time with a zone (offsets with or without a colon) as RFC 3339 UTC; years before 1970 mean "never" in Go. */
export function isoTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const [plain, date, time, part = "000"] = plainUtc.exec(text) ?? [];
  if (plain !== undefined) return `${date}T${time}.${part.padEnd(3, "0")}Z`;
  const match = zoned.exec(text);
  if (!match) return undefined;
  const [, day, clock, fraction = "0", zulu, hours, minutes] = match;
  return isoOf(
    Date.parse(
      `${day}T${clock}${clock?.length === 5 ? ":00" : ""}.${fraction}${zulu ? "Z" : `${hours}:${minutes}`}`,
    ),
  );
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
export function epochTime(value: unknown): string | undefined {
  const number = typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  if (number < 1e11) return isoOf(Math.round(number * 1000));
  if (number < 1e14) return isoOf(Math.round(number));
  return isoOf(Math.round(number < 1e17 ? number / 1000 : number / 1e6));
}
