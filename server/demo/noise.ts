import { bastions, databases, developers, mail, shop, staff, staging } from "./company.ts";
import { canonical, type DemoAlert, suricata, wazuh } from "./native-records.ts";
import type { Random } from "./random.ts";

/** What comes all the time and needs nobody; each makes one alert at the given time. */
type Maker = (at: number, random: Random) => DemoAlert;

const makers: readonly [Maker, ...Maker[]] = [
  failedLogin,
  failedLogin,
  failedLogin,
  login,
  login,
  portScan,
  portScan,
  portScan,
  oddUserAgent,
  fileOfBuild,
  fileOfBuild,
  spam,
  restartingPod,
  portProbe,
  dependency,
  testOfStaging,
];

export function noiseAt(at: number, random: Random): DemoAlert {
  return random.pick(makers)(at, random);
}

function failedLogin(at: number, random: Random): DemoAlert {
  const ip = `198.51.100.${20 + random.below(6)}`;
  const user = random.pick(["root", "admin", "oracle", "test", "git"]);
  return wazuh(at, bastions[0], {
    rule: "5710",
    level: 5,
    description: "sshd: Attempt to login using a non-existent user",
    techniques: ["T1110.001"],
    log: `sshd[${2_000 + random.below(900)}]: Invalid user ${user} from ${ip} port ${30_000 + random.below(20_000)}`,
    data: { srcip: ip, srcuser: user },
  });
}

function login(at: number, random: Random): DemoAlert {
  const user = random.pick(staff);
  return wazuh(at, random.pick([...shop, ...developers]), {
    rule: "5715",
    level: 3,
    description: "sshd: authentication success.",
    log: `sshd[${3_000 + random.below(900)}]: Accepted publickey for ${user} from ${bastions[0].ip}`,
    data: { srcip: bastions[0].ip, dstuser: user },
  });
}

export function portScan(at: number, random: Random): DemoAlert {
  return suricata(at, {
    from: `203.0.113.${100 + random.below(40)}`,
    to: random.pick([...shop, ...mail]),
    port: random.pick([22, 23, 445, 3306, 3389, 5900, 8080]),
    id: 2_001_219,
    signature: "ET SCAN Potential SSH Scan",
    category: "Attempted Information Leak",
    priority: 3,
    techniques: ["T1595.001"],
  });
}

function oddUserAgent(at: number, random: Random): DemoAlert {
  return suricata(at, {
    from: `203.0.113.${random.below(90)}`,
    to: random.pick(shop),
    port: 443,
    id: 2_013_028,
    signature: "ET POLICY curl User-Agent Outbound",
    category: "Potential Corporate Privacy Violation",
    priority: 3,
    http: {
      http_method: "GET",
      hostname: "shop.example.com",
      url: "/robots.txt",
      http_user_agent: "curl/8.5.0",
    },
  });
}

function fileOfBuild(at: number, random: Random): DemoAlert {
  const path = `/var/lib/build/cache/layer-${random.below(30)}.tar`;
  const description = "Integrity checksum changed.";
  const log = `File '${path}' modified`;
  return wazuh(at, random.pick(developers), { rule: "550", level: 7, description, log, path });
}

function spam(at: number, random: Random): DemoAlert {
  const ip = `198.51.100.${120 + random.below(8)}`;
  return wazuh(at, random.pick(mail), {
    rule: "3301",
    level: 6,
    description: "Postfix: Rejected by access list (Requested action not taken).",
    log: `postfix/smtpd: NOQUEUE: reject: RCPT from unknown[${ip}]: 554 5.7.1`,
    data: { srcip: ip },
  });
}

function restartingPod(at: number, random: Random): DemoAlert {
  return canonical(at, {
    source: "kubernetes",
    rule: "CrashLoopBackOff",
    title: `Pod cart-${random.below(3)} restarts again and again`,
    severity: "medium",
    environment: "staging",
    service: "shop",
    entities: [{ type: "container", value: `cart-${random.below(3)}`, role: "target" }],
  });
}

function portProbe(at: number, random: Random): DemoAlert {
  return canonical(at, {
    source: "guardduty",
    rule: "Recon:EC2/PortProbeUnprotectedPort",
    title: "An unprotected port of an instance is being probed by a known malicious host",
    severity: "low",
    environment: "production",
    entities: [
      { type: "host", value: random.pick(mail).name, role: "target" },
      { type: "ip", value: `203.0.113.${200 + random.below(20)}`, role: "actor" },
    ],
    techniques: ["T1595.001"],
  });
}

function dependency(at: number, random: Random): DemoAlert {
  const name = random.pick(["left-trim", "tiny-yaml", "fast-zip", "color-names"]);
  return canonical(at, {
    source: "dependency-check",
    rule: "vulnerable-package",
    title: `${name} has a published vulnerability`,
    severity: random.pick(["low", "medium", "high"]),
    environment: "development",
    service: "build",
    labels: { package: name },
  });
}

function testOfStaging(at: number, random: Random): DemoAlert {
  return suricata(at, {
    from: developers[0].ip,
    to: random.pick(staging),
    port: 443,
    id: 2_006_446,
    signature: "ET WEB_SERVER Possible SQL Injection Attempt UNION SELECT",
    category: "Web Application Attack",
    priority: 1,
    techniques: ["T1190"],
    http: {
      http_method: "GET",
      hostname: "staging.example.com",
      url: `/cart?id=${random.below(9)}+UNION+SELECT+1`,
    },
  });
}

/** What somebody who is on call wants to see once, however often it comes: a database that answers slowly. */
export function slowDatabase(at: number): DemoAlert {
  return canonical(at, {
    source: "synthetics",
    rule: "checkout-slow",
    title: "Checkout takes longer than three seconds",
    severity: "high",
    environment: "production",
    service: "shop",
    entities: [{ type: "host", value: databases[0].name, role: "target" }],
  });
}
