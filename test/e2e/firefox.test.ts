import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item, ItemDetail } from "../../shared/group.ts";
import { readApi } from "./api.ts";
import { buildExtension } from "./build-extension.ts";
import { curlAlert } from "./curl.ts";
import { type Firefox, type FirefoxPage, launchFirefox } from "./firefox.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { approvePairing, signInByLink } from "./sign-in.ts";
import { until } from "./until.ts";

const keyTheft = {
  source: "curl",
  rule: "key-theft",
  title: "Access key used from two countries",
  severity: "critical",
  environment: "production",
  service: "billing",
  techniques: ["T1078.004"],
  entities: [{ type: "account", value: "ci-deploy", role: "target" }],
};
const title = JSON.stringify(keyTheft.title);

describe("the extension in Firefox", () => {
  let server: ServerProcess;
  let firefox: Firefox;
  let extension: string;
  let popup: FirefoxPage;

  beforeAll(async () => {
    extension = await buildExtension("firefox", "");
    server = await startServerProcess();
    firefox = await launchFirefox(extension);
  });

  afterAll(async () => {
    await firefox?.close();
    await server?.stop();
    await rm(extension, { recursive: true, force: true });
  });

  const post = (change: object) => curlAlert(server.url, server.token, { ...keyTheft, ...change });
  const button = (text: string) =>
    `[...document.querySelectorAll("button")].find((one) => one.innerText.startsWith(${JSON.stringify(text)}))`;
  const click = (text: string) =>
    popup.until(`((found) => found !== undefined && (found.click(), true))(${button(text)})`);

  async function itemOfRule(rule: string): Promise<Item> {
    const path = "/queue?status=open&status=acknowledged&status=resolved";
    const { items } = await readApi<{ items: Item[] }>(server.url, server.token, path);
    const found = items.find((item) => item.rule === rule);
    if (found === undefined) throw new Error(`no item of ${rule}`);
    return found;
  }

  it("asks for its server in Firefox's own prompt and is paired with a code that a person approves", async () => {
    const cookie = await signInByLink(server.url, server.signInLink());
    const options = await firefox.open(firefox.optionsUrl);
    await options.until(`!!document.querySelector("#server")`);
    await options.run(`document.querySelector("#server").value = ${JSON.stringify(server.url)}`);
    await options.click(button("Sign in"));
    await firefox.acceptPrompt();
    const code = await options.until<string>(
      `document.querySelector("[data-user-code]")?.getAttribute("data-user-code")`,
    );
    await approvePairing(server.url, cookie, code);
    await options.until(`document.body.innerText.includes("Administrator")`, 20_000);
  });

  it("shows an alert that curl posted in the real popup within a second", async () => {
    popup = await firefox.openPopup();
    await popup.until(`document.body.innerText.includes("Nothing needs you")`);
    await post({});
    const answered = performance.now();
    await popup.until(`document.body.innerText.includes(${title})`);
    expect(performance.now() - answered).toBeLessThan(1_000);
    expect(await popup.run<string>("document.body.innerText")).toContain("billing");
  });

  it("acknowledges by one click and takes it back", async () => {
    await click("Acknowledge");
    await until(async () => expect((await itemOfRule("key-theft")).status).toBe("acknowledged"));
    await click("Undo");
    await until(async () => expect((await itemOfRule("key-theft")).status).toBe("open"));
  });

  it("adds a note with one line and Enter", async () => {
    await click("Note");
    const field = `document.querySelector('input[aria-label="Note"]')`;
    await popup.until(`!!${field}`);
    await popup.run(`(${field}.value = "Key revoked", ${field}.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", bubbles: true })))`);
    const { id } = await itemOfRule("key-theft");
    await until(async () => {
      const { notes } = await readApi<ItemDetail>(server.url, server.token, `/items/${id}`);
      expect(notes.map(({ text }) => text)).toEqual(["Key revoked"]);
    });
  });

  it("goes on after its background was stopped", async () => {
    await firefox.closePopup();
    await firefox.stopBackground();
    await post({ rule: "after-stop", title: "Alert after the background was stopped" });
    popup = await firefox.openPopup();
    await popup.until(`document.body.innerText.includes("Alert after the background was stopped")`);
    await popup.run(`[...document.querySelectorAll("[data-item-id]")]
      .find((row) => row.innerText.includes("after the background"))
      .querySelector("button.quick, .actions button").click()`);
    await until(async () => expect((await itemOfRule("after-stop")).status).toBe("acknowledged"));
  });
});
