/** What the end-to-end tests do as a person with a browser would, without one: follow the sign-in link. */
export async function signInByLink(url: string, link: string): Promise<string> {
  const token = new URL(link).hash.slice(1);
  const answer = await fetch(`${url}/api/v1/auth/link`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url },
    body: JSON.stringify({ token }),
  });
  if (answer.status !== 204) throw new Error(`the link answered ${answer.status}`);
  return (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}

/** Lets an extension in that shows `userCode`. */
export async function approvePairing(url: string, cookie: string, userCode: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/auth/device/approve`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url, Cookie: cookie },
    body: JSON.stringify({ userCode, approve: true }),
  });
  if (!answer.ok) throw new Error(`the approval answered ${answer.status}: ${await answer.text()}`);
}
