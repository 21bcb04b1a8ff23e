import { firstText } from "./text-field.ts";

const environmentNames = ["environment", "env", "stage"];
const serviceNames = ["service", "app", "application"];

/** What labels say of the environment, as written there; the policy knows what `prod` stands for. */
export function environmentIn(labels: unknown): string | undefined {
  return firstText(labels, environmentNames)?.trim();
}

export function serviceIn(labels: unknown, more: readonly string[] = []): string | undefined {
  return (firstText(labels, serviceNames) ?? firstText(labels, more))?.trim();
}
