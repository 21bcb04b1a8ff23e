/** Two parts of letters that Kubernetes draws from: no vowels, so that hardly any name of a person's looks like it. */
const podSuffix = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** The Deployment's name for the name of its pod, which is another at every start; any other name as it is. */
export function workloadName(name: string | undefined): string | undefined {
  return name?.replace(podSuffix, "");
}
