import { techniquesByTactics } from "./attack-techniques.ts";

/** Points and words of each ATT&CK tactic; late in the chain weighs more, because less time is left. */
const tactics = {
  reconnaissance: { points: 2, name: "reconnaissance" },
  "resource-development": { points: 2, name: "resource development" },
  discovery: { points: 5, name: "discovery" },
  "initial-access": { points: 8, name: "initial access" },
  "defense-evasion": { points: 9, name: "defence evasion" },
  stealth: { points: 9, name: "stealth" },
  "defense-impairment": { points: 10, name: "impairing defences" },
  execution: { points: 11, name: "execution" },
  persistence: { points: 12, name: "persistence" },
  "privilege-escalation": { points: 13, name: "privilege escalation" },
  "credential-access": { points: 14, name: "credential access" },
  "lateral-movement": { points: 16, name: "lateral movement" },
  collection: { points: 16, name: "collection" },
  "command-and-control": { points: 17, name: "command and control" },
  exfiltration: { points: 20, name: "exfiltration" },
  impact: { points: 20, name: "impact" },
} as const;
type TacticName = keyof typeof tactics;

export interface Threat {
  points: number;
  technique: string;
  tactic: string;
}

const threatOfTechnique = new Map<string, Threat>(
  techniquesByTactics.flatMap(([names, techniques]) => {
    const mildest = mildestOf(names.split(" "));
    return techniques.split(" ").map((technique): [string, Threat] => [technique, { ...mildest, technique }]);
  }),
);

/** The gravest threat among the techniques; null when none of them is known. */
export function threatOf(techniques: readonly string[]): Threat | null {
  let gravest: Threat | null = null;
  for (const technique of techniques) {
    const threat = threatOfTechnique.get(technique.slice(0, 5));
    if (threat !== undefined && threat.points > (gravest?.points ?? 0)) gravest = { ...threat, technique };
  }
  return gravest;
}

/** A technique that serves several tactics counts as the mildest: valid accounts are mostly just sign-ins. */
function mildestOf(names: string[]): { points: number; tactic: string } {
  const known = names.filter(isTactic).sort((a, b) => tactics[a].points - tactics[b].points);
  const [mildest] = known;
  if (mildest === undefined) throw new Error(`no known tactic among ${names.join(", ")}`);
  return { points: tactics[mildest].points, tactic: tactics[mildest].name };
}

function isTactic(name: string): name is TacticName {
  return Object.hasOwn(tactics, name);
}
