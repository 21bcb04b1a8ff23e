import { browser } from "./browser.ts";
import { webAddress } from "./web-address.ts";

export async function openTab(href: string): Promise<void> {
  const url = webAddress(href);
  if (url !== null) await browser.tabs.create({ url: url.href });
}
