/** After this long the list is taken as being read, although nothing was touched. */
const patienceMs = 3_000;
const signs = ["pointermove", "pointerdown", "wheel", "keydown"] as const;

/** Calls `onReader` once, at the first sign that somebody reads. */
export function noticeReader(onReader: () => void): void {
  const noticed = () => {
    clearTimeout(timer);
    for (const sign of signs) document.removeEventListener(sign, noticed, true);
    onReader();
  };
  const timer = setTimeout(noticed, patienceMs);
  for (const sign of signs) document.addEventListener(sign, noticed, true);
}
