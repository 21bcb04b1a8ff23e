/** Reads the API as a program with a token does. */
export async function readApi<T>(url: string, token: string, path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
