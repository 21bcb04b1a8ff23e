import { purposeOf } from "./guardduty-finding.ts";
import type { JsonRecord } from "./text-field.ts";

/** Purposes that AWS names after a tactic of ATT&CK. */
const tacticOfPurpose: Readonly<Record<string, string>> = {
  Recon: "reconnaissance",
  Discovery: "discovery",
  InitialAccess: "initial-access",
  Execution: "execution",
  Persistence: "persistence",
  PrivilegeEscalation: "privilege-escalation",
  DefenseEvasion: "defense-evasion",
  Stealth: "defense-evasion",
  CredentialAccess: "credential-access",
  Exfiltration: "exfiltration",
  Impact: "impact",
  CryptoCurrency: "impact",
};

/** Only types whose own description names what the technique is; the others keep their tactic. */
const techniquesOfType: readonly (readonly [RegExp, string])[] = [
  [/BruteForce/, "T1110"],
  [/^CryptoCurrency:|BitcoinDomain|CryptoMiner/, "T1496.001"],
  [/CloudTrailLoggingDisabled|ServerAccessLoggingDisabled|LoggingConfigurationModified/, "T1562.008"],
  [/^Recon:EC2\/PortProbe/, "T1595"],
  [/\/Portscan/, "T1046"],
  [/DGADomainRequest/, "T1568.002"],
  [/\/C&CActivity[^!]*!DNS$/, "T1071.004"],
  [/\/C&CActivity[^!]*$/, "T1071"],
  [/DNSDataExfiltration/, "T1048"],
  [/\/Tor(?:Client|Relay|IPCaller)/, "T1090.003"],
  [/MetadataDNSRebind|CredentialExfiltration/, "T1552.005"],
  [/CredentialExfiltration|RootCredentialUsage|\/ConsoleLogin/, "T1078.004"],
  [/DenialOfService/, "T1498"],
  [/^Exfiltration:S3\//, "T1530"],
  [/^Discovery:S3\//, "T1619"],
  [/^Recon:IAMUser\/UserPermissions/, "T1087.004"],
  [/^Recon:IAMUser\/(?:Resource|Network)Permissions/, "T1580"],
  [/^Impact:S3\/.*Delete/, "T1485"],
  [/ReverseShell/, "T1059"],
  [/ProcessInjection/, "T1055"],
  [/FilelessExecution/, "T1620"],
  [/ContainerEscape|ContainerMountsHostDirectory|DockerSocketAccessed|CGroupsReleaseAgent/, "T1611"],
];

export function tacticOf(type: string): string | undefined {
  const purpose = purposeOf(type);
  return purpose !== undefined && Object.hasOwn(tacticOfPurpose, purpose)
    ? tacticOfPurpose[purpose]
    : undefined;
}

/** Techniques of the type, and those that an attack sequence names itself. */
export function techniquesOf(type: string, indicators: readonly JsonRecord[]): string[] {
  const known = techniquesOfType.filter(([pattern]) => pattern.test(type)).map(([, technique]) => technique);
  const stated = indicators.filter(({ key }) => key === "ATTACK_TECHNIQUE").flatMap(({ values }) => values);
  const named = stated.flatMap((text) =>
    typeof text === "string" ? (/\bT\d{4}(?:\.\d{3})?\b/.exec(text)?.[0] ?? []) : [],
  );
  return [...known, ...named];
}
