import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page, type WebWorker } from "puppeteer-core";

export interface Chromium {
  browser: Browser;
  extensionId: string;
  /** The background, started when it does not run. */
  worker(): Promise<WebWorker>;
  /** The real popup, as the toolbar button opens it. */
  openPopup(): Promise<Page>;
  open(url: string): Promise<Page>;
  /** Ends the background as Chromium does with an idle one. */
  stopBackground(): Promise<void>;
  close(): Promise<void>;
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--lang=en-GB",
  // On the default screen a popup is squeezed.
  "--screen-info={1600x1200}",
];

export async function launchChromium(extension: string): Promise<Chromium> {
  const userDataDir = await mkdtemp(join(tmpdir(), "quietwatch-chromium-profile-"));
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    pipe: true,
    userDataDir,
    enableExtensions: [extension],
    args: flags,
  });
  const extensionId = await idOf(browser);
  return {
    browser,
    extensionId,
    worker: () => workerOf(browser, extensionId),
    openPopup: () => openPopup(browser, extensionId),
    open: async (url) => {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    },
    stopBackground: async () => {
      const target = browser.targets().find((one) => one.type() === "service_worker");
      await (await target?.worker())?.close();
    },
    close: async () => {
      await browser.close();
      await rm(userDataDir, { recursive: true, force: true });
    },
  };
}

async function idOf(browser: Browser): Promise<string> {
  const target = await browser.waitForTarget((one) => one.url().endsWith("/background.js"));
  return new URL(target.url()).host;
}

async function workerOf(browser: Browser, extensionId: string): Promise<WebWorker> {
  const running = browser.targets().find((one) => one.url().endsWith("/background.js"));
  if (running === undefined) await wake(browser, extensionId);
  const target = await browser.waitForTarget((one) => one.url().endsWith("/background.js"));
  const worker = await target.worker();
  if (worker === null) throw new Error("the background has no worker");
  return worker;
}

/** Any page of the extension that says hello starts the background. */
async function wake(browser: Browser, extensionId: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/popup.html`);
  await browser.waitForTarget((one) => one.url().endsWith("/background.js"));
  await page.close();
}

async function openPopup(browser: Browser, extensionId: string): Promise<Page> {
  const worker = await workerOf(browser, extensionId);
  const isPopup = (url: string) => url.endsWith("/popup.html");
  await worker.evaluate("chrome.action.openPopup()");
  const target = await browser.waitForTarget((one) => isPopup(one.url()));
  return target.asPage();
}
