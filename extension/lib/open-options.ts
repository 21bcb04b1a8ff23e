import { browser } from "./browser.ts";

export function openOptions(): void {
  void browser.runtime.openOptionsPage();
}
