/** Epoch milliseconds now; passed in everywhere so that tests and replays own time. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
