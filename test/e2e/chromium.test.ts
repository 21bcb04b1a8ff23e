import { rm } from "node:fs/promises";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item, ItemDetail } from "../../shared/group.ts";
import { readApi } from "./api.ts";
import { axeViolations } from "./axe.ts";
import { buildExtension } from "./build-extension.ts";
import { type Chromium, launchChromium } from "./chromium.ts";
import { curlAlert } from "./curl.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { approvePairing, signInByLink } from "./sign-in.ts";
import { until } from "./until.ts";

const webShell = {
  source: "curl",
  rule: "web-shell",
  title: "Web shell ran commands on shop-web-03",
  severity: "critical",
  environment: "production",
  service: "checkout",
  techniques: ["T1505.003"],
  entities: [{ type: "host", value: "shop-web-03", role: "target" }],
};

describe("the extension in Chromium", () => {
  let server: ServerProcess;
  let chromium: Chromium;
  let extension: string;
  let popup: Page;

  beforeAll(async () => {
    extension = await buildExtension("chromium");
    server = await startServerProcess();
    chromium = await launchChromium(extension);
  });

  afterAll(async () => {
    await chromium?.close();
    await server?.stop();
    await rm(extension, { recursive: true, force: true });
  });

  const read = <T>(path: string) => readApi<T>(server.url, server.token, path);
  const post = (change: object) => curlAlert(server.url, server.token, { ...webShell, ...change });

  async function itemOfRule(rule: string): Promise<Item> {
    const { items } = await read<{ items: Item[] }>(
      "/queue?status=open&status=acknowledged&status=snoozed&status=resolved&hidden=include",
    );
    const found = items.find((item) => item.rule === rule);
    if (found === undefined) throw new Error(`no item of ${rule} among ${items.length}`);
    return found;
  }

  async function rowOf(rule: string): Promise<string> {
    const { id } = await until(() => itemOfRule(rule));
    return `[data-item-id="${id}"]`;
  }

  /** What arrives while the popup is open waits behind "1 new". */
  async function showRow(row: string): Promise<void> {
    await until(async () => {
      await popup.$eval(".fresh button", (button) => button.click()).catch(() => undefined);
      expect(await popup.$(row)).not.toBeNull();
    });
  }

  async function openPopup(): Promise<Page> {
    if (popup !== undefined && !popup.isClosed()) await popup.close();
    popup = await chromium.openPopup();
    return popup;
  }

  it("is paired from the options page with a code that a person approves", async () => {
    const cookie = await signInByLink(server.url, server.signInLink());
    const options = await chromium.open(`chrome-extension://${chromium.extensionId}/options.html`);
    await options.type("#server", server.url);
    await options.locator("button ::-p-text(Sign in)").click();
    const code = await options.waitForSelector("[data-user-code]");
    const userCode = await code?.evaluate((element) => element.getAttribute("data-user-code"));
    await approvePairing(server.url, cookie, userCode ?? "");
    await options.waitForSelector("::-p-text(Administrator)", { timeout: 20_000 });
    expect(await axeViolations(options)).toEqual([]);
    await options.close();
  });

  it("shows an alert that curl posted in the real popup within a second", async () => {
    await openPopup();
    await popup.waitForSelector("::-p-text(Nothing needs you)");
    await post({});
    const answered = performance.now();
    await popup.waitForSelector("::-p-text(Web shell ran commands on shop-web-03)");
    expect(performance.now() - answered).toBeLessThan(1_000);
    const text = await popup.$eval("main", (main) => main.textContent);
    expect(text).toContain("production");
    expect(text).toContain("checkout");
    expect(text).toContain("persistence");
  });

  it("offers nothing that a screen reader or a keyboard cannot use", async () => {
    await popup.locator(`${await rowOf("web-shell")} button ::-p-text(Resolve)`).click();
    await popup.waitForSelector("[data-verdict]");
    expect(await axeViolations(popup)).toEqual([]);
    await popup.keyboard.press("Escape");
  });

  it("counts on the badge what needs a person", async () => {
    const worker = await chromium.worker();
    await until(async () => {
      expect(await worker.evaluate("chrome.action.getBadgeText({})")).toBe("1");
    });
  });

  it("acknowledges by one click and takes it back", async () => {
    const row = await rowOf("web-shell");
    await popup.locator(`${row} button ::-p-text(Acknowledge)`).click();
    await until(async () => expect((await itemOfRule("web-shell")).status).toBe("acknowledged"));
    await popup.locator("[data-undo] button").click();
    await until(async () => expect((await itemOfRule("web-shell")).status).toBe("open"));
    await popup.waitForSelector(row);
  });

  it("adds a note with one line and Enter", async () => {
    const row = await rowOf("web-shell");
    await popup.locator(`${row} button ::-p-text(Note)`).click();
    await popup.waitForSelector('input[aria-label="Note"]');
    await popup.type('input[aria-label="Note"]', "Isolating the host");
    await popup.keyboard.press("Enter");
    const { id } = await itemOfRule("web-shell");
    await until(async () => {
      const { notes } = await read<ItemDetail>(`/items/${id}`);
      expect(notes.map(({ text, author }) => [text, author])).toEqual([
        ["Isolating the host", "Administrator"],
      ]);
    });
  });

  it("shows the factors, the entities and the original in the detail view", async () => {
    const row = await rowOf("web-shell");
    await popup.locator(`${row} .title`).click();
    await popup.waitForSelector('[aria-label="Factors of the score"]');
    await popup.waitForSelector("::-p-text(shop-web-03)");
    await popup.waitForSelector('::-p-text("techniques")');
  });

  it("goes on after its background was stopped", async () => {
    await popup.close();
    await chromium.stopBackground();
    await post({ rule: "after-stop", title: "Alert after the background was stopped" });
    await openPopup();
    await popup.waitForSelector("::-p-text(Alert after the background was stopped)");
    await popup.locator(`${await rowOf("after-stop")} button ::-p-text(Acknowledge)`).click();
    await until(async () => expect((await itemOfRule("after-stop")).status).toBe("acknowledged"));
  });

  it("keeps an action made while the server is down and sends it once when it is back", async () => {
    await post({ rule: "offline", title: "Acknowledged without a server" });
    const row = await rowOf("offline");
    await openPopup();
    await showRow(row);
    await server.kill("SIGKILL");
    await popup.locator(`${row} .title`).hover();
    await popup.locator(`${row} button[aria-label^="Acknowledge"], ${row} .actions button`).click();
    await popup.waitForSelector("::-p-text(waiting)");
    await popup.close();
    await chromium.stopBackground();
    await server.restart();
    await openPopup();
    await until(async () => expect((await itemOfRule("offline")).status).toBe("acknowledged"), 60_000);
    const { id } = await itemOfRule("offline");
    const { items } = await read<{ items: { event: string }[] }>(`/items/${id}/timeline`);
    expect(items.filter(({ event }) => event === "acknowledge")).toHaveLength(1);
  });

  it("is followed live by the dashboard", async () => {
    const answer = await fetch(`${server.url}/api/v1/auth/links`, {
      method: "POST",
      headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Lead", role: "lead" }),
    });
    const { url } = await answer.json();
    const dashboard = await chromium.open(url);
    await dashboard.locator("button ::-p-text(Sign in)").click();
    await dashboard.waitForSelector("::-p-text(Web shell ran commands on shop-web-03)");
    await post({ rule: "live", title: "Seen by the dashboard at once" });
    await dashboard.waitForSelector("::-p-text(Seen by the dashboard at once)", { timeout: 3_000 });
    expect(await axeViolations(dashboard)).toEqual([]);
    await dashboard.close();
  });

  it("is taught a source by a mapping, which then takes alerts", async () => {
    const page = await chromium.open(`${server.url}/`);
    await page.waitForSelector("nav ::-p-text(Sources)");
    await page.locator("nav ::-p-text(Sources)").click();
    await page.locator("#sample").fill('{"kind":"forced-open","door":"gate-7","level":9}');
    await page.waitForSelector("::-p-text(no known format)");
    await page.select("#reader", "new");
    for (const [field, text] of [
      ["name", "door-control"],
      ["rule", "kind"],
      ["title", "join(' ', ['Door', door, kind])"],
      ["severity-from", "level"],
      ["severity-table", "9 = critical"],
      ["entities", "host = door"],
    ]) {
      await page.locator(`#mapping-${field}`).fill(text ?? "");
    }
    await page.waitForSelector("h3 ::-p-text(Door gate-7 forced-open)");
    for (const value of ["dark", "light"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      expect(await axeViolations(page)).toEqual([]);
    }
    await page.locator("button ::-p-text(Save mapping)").click();
    await page.waitForSelector("::-p-text(Saved. Send it to /api/v1/ingest/door-control.)");
    await page.close();
    const answer = await fetch(`${server.url}/api/v1/ingest/door-control`, {
      method: "POST",
      headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ kind: "forced-open", door: "gate-8", level: 9 }),
    });
    expect(await answer.json()).toMatchObject({ accepted: 1 });
    expect(await until(() => itemOfRule("forced-open"))).toMatchObject({ severity: "critical" });
  });
});
