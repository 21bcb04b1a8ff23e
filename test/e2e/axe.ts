import axe from "axe-core";
import type { Page } from "puppeteer-core";

/** What axe finds wrong on a page, a line each. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  return found;
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
