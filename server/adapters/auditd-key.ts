import type { Severity } from "../../shared/alert.ts";

export interface KeyMeaning {
  severity: Severity;
  techniques: readonly string[];
}

/**
 * What the keys of the rule sets in common use watch for (the STIG and CIS rules that audit ships, and the
 * community's audit.rules). The first that fits counts.
 */
const known: readonly (readonly [name: RegExp, severity: Severity, ...techniques: string[]])[] = [
  [/inject|ptrace|tracing/, "high", "T1055.008"],
  [/^(?:audit|t1562)/, "medium", "T1562.012"],
  [/mac[_-]?policy|selinux|apparmor/, "medium", "T1562.001"],
  [/sudoers|actions|priv|setuid|root_?cmd|^power|^su$/, "medium", "T1548"],
  [/identity|passwd|shadow|group_mod|usergroup|pam/, "medium", "T1098"],
  [/root_?key|authorized_?keys|^sshd?(?:_|$)/, "medium", "T1098.004"],
  [/^(?:kernel-?)?modules?$/, "medium", "T1547.006"],
  [/webshell|www/, "high", "T1505.003"],
  [/^susp|^sbin_susp/, "medium", "T1105"],
  [/^cron/, "low", "T1053.003"],
  [/^(?:init|systemd)/, "low", "T1543.002"],
  [/^recon/, "low", "T1082"],
  [/^delete/, "low", "T1070.004"],
  [/^perm_?mod/, "low", "T1222.002"],
  [/^logins?$|^session/, "low", "T1078"],
];

/** Somebody wrote the rule to be told, so that nothing with a key is below low. */
export function meaningOfKey(key: string): KeyMeaning {
  const name = key.toLowerCase().slice(0, 128);
  const named = [...name.matchAll(/(?<![a-z\d])t(\d{4})(?:[._](\d{3})(?!\d))?/g)];
  const techniques = named.map(([, id, part]) => (part ? `T${id}.${part}` : `T${id}`));
  const [, severity = "low", ...more] = known.find(([pattern]) => pattern.test(name)) ?? [];
  return { severity, techniques: techniques.length > 0 ? techniques : more };
}
