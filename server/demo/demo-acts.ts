import type { ActionName } from "../../shared/actions.ts";
import type { Analyst } from "./company.ts";
import { minutesBefore } from "./demo-alerts.ts";

/** What somebody on shift does, to the worst group of a detector. */
export interface DemoAct {
  at: number;
  by: Analyst;
  source: string;
  rule: string;
  verb: ActionName;
  input: Record<string, unknown>;
}

type Line = [minute: number, by: Analyst, detector: string, verb: ActionName, input: Record<string, unknown>];

const script: Line[] = [
  [5, "Mara Lindqvist", "wazuh 5710", "acknowledge", {}],
  [
    6,
    "Mara Lindqvist",
    "wazuh 5710",
    "annotate",
    { text: "The usual guessing at the bastion. Keys only, nothing to do." },
  ],
  [12, "Jonas Okafor", "synthetics checkout-slow", "acknowledge", {}],
  [
    17,
    "Jonas Okafor",
    "wazuh 550",
    "annotate",
    { text: "Release 4.18 of the shop, announced by the web team." },
  ],
  [
    19,
    "Jonas Okafor",
    "suricata 2006446",
    "resolve",
    { verdict: "benign_true_positive", reason: "our own scanner" },
  ],
  [20, "Mara Lindqvist", "alertmanager HighErrorRate", "assign", { to: "Mara Lindqvist" }],
  [28, "Mara Lindqvist", "wazuh 554", "acknowledge", {}],
  [
    29,
    "Mara Lindqvist",
    "wazuh 554",
    "annotate",
    { text: "Not part of the release. Asking the web team about uploads." },
  ],
  [
    32,
    "Mara Lindqvist",
    "wazuh 5902",
    "escalate",
    { to: "Jonas Okafor", note: "A second root user on a web server." },
  ],
  [
    38,
    "Jonas Okafor",
    "wazuh 100210",
    "annotate",
    { text: "Cutting the web servers off the databases now." },
  ],
  [44, "Jonas Okafor", "guardduty Exfiltration:EC2/UnusualTrafficVolume", "acknowledge", {}],
  [
    49,
    "Jonas Okafor",
    "guardduty Exfiltration:EC2/UnusualTrafficVolume",
    "resolve",
    { verdict: "true_positive", note: "Contained: the address is blocked, both hosts are isolated." },
  ],
];

/** What the people of the demo do in the hour around `now`, oldest first. */
export function demoActs(now: number): DemoAct[] {
  return script.map(([minute, by, detector, verb, input]) => {
    const [source = "", rule = ""] = detector.split(" ");
    return { at: now + (minute - minutesBefore) * 60_000, by, source, rule, verb, input };
  });
}
