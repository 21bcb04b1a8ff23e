import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import type { Item } from "../../shared/group.ts";
import { readApi } from "./api.ts";
import { buildExtension } from "./build-extension.ts";
import { type Chromium, launchChromium } from "./chromium.ts";
import { scene } from "./scene.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { approvePairing, signInByLink } from "./sign-in.ts";

/** `npm run pictures`: takes the pictures of the documents from the running product. */
const folder = join(import.meta.dirname, "..", "..", "docs", "pictures");
const themes = ["light", "dark"] as const;
const settleMs = 600;

await mkdir(folder, { recursive: true });
const extension = await buildExtension("chromium");
const server = await startServerProcess();
const chromium = await launchChromium(extension);
try {
  await pair(server, chromium);
  await play(server);
  await takePopup(chromium);
  await takeDashboard(server, chromium);
} finally {
  await chromium.close();
  await server.stop();
  await rm(extension, { recursive: true, force: true });
}

async function pair({ url, signInLink }: ServerProcess, browser: Chromium): Promise<void> {
  const cookie = await signInByLink(url, signInLink());
  const options = await browser.open(`chrome-extension://${browser.extensionId}/options.html`);
  await options.type("#server", url);
  await options.locator("button ::-p-text(Sign in)").click();
  const shown = await options.waitForSelector("[data-user-code]");
  const code = await shown?.evaluate((element) => element.getAttribute("data-user-code"));
  await take(options, "options-pairing");
  await approvePairing(url, cookie, code ?? "");
  await options.waitForSelector("::-p-text(Administrator)", { timeout: 20_000 });
  await options.close();
}

async function play({ url, token }: ServerProcess): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const body = JSON.stringify(scene);
  await fetch(`${url}/api/v1/alerts`, { method: "POST", headers: { ...headers, Prefer: "wait=20" }, body });
  const { items } = await readApi<{ items: Item[] }>(url, token, "/queue");
  const backup = items.find(({ rule }) => rule === "BackupMissing");
  await fetch(`${url}/api/v1/items/${backup?.id}/acknowledge`, { method: "POST", headers, body: "{}" });
}

async function takePopup(browser: Chromium): Promise<void> {
  const popup = await browser.openPopup();
  await popup.waitForSelector("::-p-text(Web shell ran commands)");
  for (const theme of themes) await take(popup, `popup-${theme}`, theme);
  await popup.locator(".title").click();
  await popup.waitForSelector('[aria-label="Factors of the score"]');
  await take(popup, "popup-detail", "light");
  await popup.close();
}

async function takeDashboard({ url, token }: ServerProcess, browser: Chromium): Promise<void> {
  const answer = await fetch(`${url}/api/v1/auth/links`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Lead", role: "lead" }),
  });
  const page = await browser.browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto((await answer.json()).url);
  await page.locator("button ::-p-text(Sign in)").click();
  await page.waitForSelector("::-p-text(Web shell ran commands)");
  await take(page, "dashboard", "light");
  await take(page, "dashboard-dark", "dark");
}

async function take(page: Page, name: string, theme: (typeof themes)[number] = "light"): Promise<void> {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
