import { databases, mail, shop } from "./company.ts";
import { intrusion } from "./intrusion.ts";
import { type DemoAlert, prometheus, wazuh } from "./native-records.ts";
import { noiseAt, portScan, slowDatabase } from "./noise.ts";
import { createRandom, type Random } from "./random.ts";

const minuteMs = 60_000;
const minutes = 60;
/** So much of the hour has been when the demo begins. */
export const minutesBefore = 40;

/**
 * An hour of alerts of an invented company, oldest first: forty minutes up to `now` (epoch milliseconds) and twenty
 * after it. The same for every run but for its times.
 */
export function demoAlerts(now: number): DemoAlert[] {
  const random = createRandom(20_260);
  const minute = (number: number) => now + (number - minutesBefore) * minuteMs;
  const alerts = [
    ...steady(minute, random),
    ...[6, 33, 47].flatMap((number) => scanBurst(minute(number), random)),
    ...deployment(minute(12), random),
    ...warnings(minute),
    ...[9, 10, 11, 34, 35, 52].map((number) => slowDatabase(minute(number))),
    ...intrusion(minute),
  ];
  return alerts.sort((one, other) => one.at - other.at);
}

/** About one a second. */
function steady(minute: (number: number) => number, random: Random): DemoAlert[] {
  return Array.from({ length: minutes * 55 }, () =>
    noiseAt(Math.floor(minute(0) + random.next() * minutes * minuteMs), random),
  );
}

function scanBurst(from: number, random: Random): DemoAlert[] {
  return Array.from({ length: 240 }, () => portScan(from + random.below(minuteMs), random));
}

/** A release that touches the same files on every web server. */
function deployment(from: number, random: Random): DemoAlert[] {
  return shop.flatMap((machine) =>
    Array.from({ length: 24 }, (_, i) => {
      const path = `/srv/shop/release/lib/part-${i}.js`;
      return wazuh(from + random.below(3 * minuteMs), machine, {
        rule: "550",
        level: 7,
        description: "Integrity checksum changed.",
        log: `File '${path}' modified. Size changed from ${900 + i} to ${950 + i}`,
        path,
      });
    }),
  );
}

/** What Prometheus says while it lasts, every minute, and once that it is over. */
function warnings(minute: (number: number) => number): DemoAlert[] {
  const [first] = databases;
  return [
    ...warning(minute, 2, 14, {
      name: "DiskWillFillIn4Hours",
      severity: "warning",
      machine: first.name,
      service: "customer-database",
    }),
    ...warning(minute, 8, 22, {
      name: "MailQueueLong",
      severity: "warning",
      machine: mail[0].name,
      service: "mail",
    }),
    ...warning(minute, 18, 26, {
      name: "HighErrorRate",
      severity: "critical",
      machine: shop[3]?.name ?? "",
      service: "shop",
    }),
    ...warning(minute, 30, 50, {
      name: "CertificateExpiresSoon",
      severity: "warning",
      machine: shop[0].name,
      service: "shop",
    }),
    ...warning(minute, 44, 56, {
      name: "ReplicationLag",
      severity: "critical",
      machine: databases[1]?.name ?? "",
      service: "customer-database",
    }),
  ];
}

interface Warning {
  name: string;
  severity: "critical" | "warning";
  machine: string;
  service: string;
}

function warning(
  minute: (number: number) => number,
  from: number,
  to: number,
  { name, severity, machine, service }: Warning,
): DemoAlert[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const at = minute(from + i);
    const isOver = from + i === to;
    return prometheus(at, {
      name,
      severity,
      instance: `${machine}:9100`,
      env: "prod",
      service,
      summary: `${name} on ${machine}`,
      startsAt: minute(from),
      endsAt: isOver ? at : at + 4 * minuteMs,
    });
  });
}
