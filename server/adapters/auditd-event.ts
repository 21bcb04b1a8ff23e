/** One record of an event, e.g. SYSCALL or PATH; values are decoded, and the first of a name counts. */
export interface AuditRecord {
  type: string;
  fields: ReadonlyMap<string, string>;
}

/** Records that share an audit id: one thing that happened. */
export interface AuditEvent {
  node?: string | undefined;
  occurredAt?: string | undefined;
  records: readonly AuditRecord[];
}

/** A field of the first record that says something by that name. */
export function fieldOf(event: AuditEvent, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const { fields } of event.records) {
      const value = fields.get(name);
      if (value !== undefined && saysSomething(value)) return value;
    }
  }
  return undefined;
}

export function recordsOfType(event: AuditEvent, type: string): readonly AuditRecord[] {
  return event.records.filter((record) => record.type === type);
}

function saysSomething(value: string): boolean {
  return value.trim() !== "" && value !== "?" && value !== "unset" && !/^\([a-z ]{1,32}\)$/.test(value);
}

/** The kernel's "nobody": no one has signed in. */
export function isNobody(id: string): boolean {
  return id === "4294967295" || id === "-1";
}

export function hasFailed(event: AuditEvent): boolean {
  const said = fieldOf(event, "res", "result")?.toLowerCase();
  return said !== undefined && ["failed", "fail", "0", "no"].includes(said);
}
