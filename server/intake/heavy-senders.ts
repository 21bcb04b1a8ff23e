/**
 * Who sends more than most. When triage is behind, they are asked to wait, and those who send little are still
 * taken: a flood fills up its own share.
 */
export interface HeavySenders {
  sent(sender: string, alerts: number): void;
  /** Whether it sent at least as much lately as the senders did on average. */
  isHeavy(sender: string): boolean;
}

const halfLifeMs = 5_000;
const mostSenders = 1_000;

export function createHeavySenders(clock: () => number): HeavySenders {
  const counts = new Map<string, number>();
  let total = 0;
  let halvedAt = clock();

  function halve(): void {
    const halvings = Math.floor((clock() - halvedAt) / halfLifeMs);
    if (halvings <= 0) return;
    halvedAt += halvings * halfLifeMs;
    const share = 0.5 ** Math.min(halvings, 60);
    total = 0;
    for (const [sender, count] of counts) {
      if (count * share < 1) counts.delete(sender);
      else counts.set(sender, count * share);
      total += count * share < 1 ? 0 : count * share;
    }
  }

  return {
    sent: (sender, alerts) => {
      halve();
      if (!counts.has(sender) && counts.size >= mostSenders) return;
      counts.set(sender, (counts.get(sender) ?? 0) + alerts);
      total += alerts;
    },
    isHeavy: (sender) => {
      halve();
      return (counts.get(sender) ?? 0) * counts.size >= total;
    },
  };
}
