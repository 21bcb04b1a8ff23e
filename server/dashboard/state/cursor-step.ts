/** The nearest row that is still there: the one after, else the one before. */
export function neighbour(order: readonly string[], gone: string, left: readonly string[]): string | null {
  const at = order.indexOf(gone);
  const isLeft = (id: string) => left.includes(id);
  return order.slice(at + 1).find(isLeft) ?? order.slice(0, Math.max(0, at)).findLast(isLeft) ?? null;
}

export function stepFrom(id: string | null, order: readonly string[], by: 1 | -1): string | null {
  const at = id === null ? -1 : order.indexOf(id);
  if (at === -1) return (by === 1 ? order[0] : order.at(-1)) ?? null;
  return order[Math.min(order.length - 1, Math.max(0, at + by))] ?? null;
}
