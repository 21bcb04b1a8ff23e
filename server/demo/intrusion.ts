import { databases, shop } from "./company.ts";
import { canonical, type DemoAlert, suricata, wazuh } from "./native-records.ts";

const intruder = "203.0.113.66";
const victim = shop[1] ?? shop[0];
const secondMs = 1_000;

/**
 * One story over half an hour: somebody looks for a way in, leaves a web shell, makes a user, goes on to the database
 * and carries something away. `minute` gives the epoch milliseconds of a minute of the hour.
 */
export function intrusion(minute: (number: number) => number): DemoAlert[] {
  return [
    ...looking(minute(21)),
    ...webShell(minute(27)),
    newUser(minute(31)),
    ...onToTheDatabase(minute(36)),
    ...carriedAway(minute(42)),
  ];
}

function looking(from: number): DemoAlert[] {
  return Array.from({ length: 60 }, (_, i) =>
    suricata(from + i * 2 * secondMs, {
      from: intruder,
      to: victim,
      port: 443,
      id: 2_002_677,
      signature: "ET SCAN Nikto Web App Scan in Progress",
      category: "Web Application Attack",
      priority: 2,
      techniques: ["T1595.002"],
      http: { http_method: "GET", hostname: "shop.example.com", url: `/admin-${i}.php`, status: 404 },
    }),
  );
}

function webShell(from: number): DemoAlert[] {
  const path = "/srv/shop/uploads/.thumb.php";
  const calls = Array.from({ length: 9 }, (_, i) =>
    suricata(from + (20 + i * 11) * secondMs, {
      from: intruder,
      to: victim,
      port: 443,
      id: 2_017_260,
      signature: "ET WEB_SERVER WebShell Generic - wget http - POST",
      category: "A Network Trojan was detected",
      priority: 1,
      techniques: ["T1505.003"],
      http: { http_method: "POST", hostname: "shop.example.com", url: "/uploads/.thumb.php", status: 200 },
    }),
  );
  const file = wazuh(from, victim, {
    rule: "554",
    level: 12,
    description: "File added to a folder that the web server serves.",
    techniques: ["T1505.003"],
    log: `File '${path}' added`,
    path,
  });
  return [file, ...calls];
}

function newUser(at: number): DemoAlert {
  return wazuh(at, victim, {
    rule: "5902",
    level: 12,
    description: "New user added to the system.",
    techniques: ["T1136.001"],
    log: "useradd[4411]: new user: name=backup2, UID=0, GID=0, home=/root, shell=/bin/bash",
    data: { dstuser: "backup2" },
  });
}

function onToTheDatabase(from: number): DemoAlert[] {
  return databases.map((machine, i) =>
    wazuh(from + i * 40 * secondMs, machine, {
      rule: "100210",
      level: 13,
      description: "SSH from a web server to a database: this path is not used.",
      techniques: ["T1021.004"],
      log: `sshd[880]: Accepted password for backup2 from ${victim.ip} port 51022 ssh2`,
      data: { srcip: victim.ip, dstuser: "backup2" },
    }),
  );
}

function carriedAway(from: number): DemoAlert[] {
  return Array.from({ length: 5 }, (_, i) =>
    canonical(from + i * 50 * secondMs, {
      source: "guardduty",
      rule: "Exfiltration:EC2/UnusualTrafficVolume",
      title: "A database sends far more than ever to an address outside",
      severity: "critical",
      environment: "production",
      entities: [
        { type: "host", value: databases[0].name, role: "target" },
        { type: "ip", value: intruder, role: "actor" },
      ],
      techniques: ["T1048"],
      description: `${databases[0].name} sent ${(i + 1) * 740} MB to ${intruder} within ten minutes.`,
    }),
  );
}
