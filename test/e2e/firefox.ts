import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Bidi, connectBidi } from "./bidi.ts";

const extensionId = "quietwatch@quietwatch.example";
const widget = "quietwatch_quietwatch_example-browser-action";
const popupBrowser = ".webextension-popup-browser";
const uuid = "b2a4d1c6-7a55-4c1e-9f0e-3d2a1b0c9e8f";

/** A page, or Firefox's own window, in which expressions are evaluated. */
export interface FirefoxPage {
  /** The value of an expression, awaited; objects come back as JSON. */
  run<T>(expression: string): Promise<T>;
  /** Waits until an expression is truthy and gives its value. */
  until<T>(expression: string, ms?: number): Promise<T>;
}

/** A tab, which a person's pointer reaches. */
export interface FirefoxTab extends FirefoxPage {
  /** A real click in the middle of what the expression gives. */
  click(expression: string): Promise<void>;
}

export interface Firefox {
  open(url: string): Promise<FirefoxTab>;
  /** Firefox's own window: the toolbar, prompts, and what extensions run. */
  chrome: FirefoxPage;
  /** Clicks the toolbar button and gives the popup that opens. */
  openPopup(): Promise<FirefoxPage>;
  closePopup(): Promise<void>;
  /** Allows what an extension asks for in Firefox's own prompt. */
  acceptPrompt(): Promise<void>;
  optionsUrl: string;
  /** Ends the background as Firefox does with an idle one. */
  stopBackground(): Promise<void>;
  close(): Promise<void>;
}

export async function launchFirefox(extension: string): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), "quietwatch-firefox-profile-"));
  const prefs = { "extensions.webextensions.uuids": JSON.stringify({ [extensionId]: uuid }) };
  const lines = Object.entries(prefs).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const args = [
    "--headless",
    "--profile",
    profile,
    "--remote-debugging-port=0",
    "--remote-allow-system-access",
  ];
  const child = spawn("firefox-esr", args, { stdio: ["ignore", "ignore", "pipe"] });
  const bidi = await connectBidi(`${await addressOf(child)}/session`);
  await bidi.send("session.new", { capabilities: {} });
  await bidi.send("webExtension.install", { extensionData: { type: "path", path: extension } });
  const chrome = await chromePage(bidi);
  return {
    chrome,
    open: (url) => openTab(bidi, url),
    openPopup: () => openPopup(chrome),
    closePopup: async () => {
      await chrome.run(`document.getElementById("customizationui-widget-panel")?.hidePopup()`);
      await chrome.until(`document.querySelector("${popupBrowser}") === null`);
    },
    acceptPrompt: async () => {
      const prompt = `document.querySelector("#addon-webext-permissions-notification")`;
      await chrome.until(`!!${prompt} && PopupNotifications.isPanelOpen`);
      await chrome.run(`${prompt}.button.click()`);
    },
    optionsUrl: `moz-extension://${uuid}/options.html`,
    stopBackground: async () => {
      await chrome.run(`WebExtensionPolicy.getByID("${extensionId}").extension.terminateBackground()`);
    },
    close: async () => {
      const ended = once(child, "exit");
      await bidi.send("browser.close", {}).catch(() => child.kill("SIGKILL"));
      await ended;
      bidi.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error("Firefox has no standard error");
  for await (const line of createInterface(child.stderr)) {
    const found = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (found === undefined) continue;
    child.stderr.resume();
    return found;
  }
  throw new Error("Firefox ended before it listened");
}

interface Context {
  context: string;
  url: string;
}

async function chromePage(bidi: Bidi): Promise<FirefoxPage> {
  const { contexts } = await bidi.send<{ contexts: Context[] }>("browsingContext.getTree", {
    "moz:scope": "chrome",
    maxDepth: 0,
  });
  const [window] = contexts;
  if (window === undefined) throw new Error("Firefox has no window");
  return pageOf(bidi, window.context);
}

async function openTab(bidi: Bidi, url: string): Promise<FirefoxTab> {
  const { context } = await bidi.send<{ context: string }>("browsingContext.create", { type: "tab" });
  // An extension's page never reports that it loaded, so nothing waits for it here.
  await bidi.send("browsingContext.navigate", { context, url, wait: "none" });
  const page = pageOf(bidi, context);
  await page.until(
    `location.href.startsWith(${JSON.stringify(url.split("#")[0])}) && document.readyState === "complete"`,
  );
  const click = async (expression: string) => {
    const { x, y } = await page.run<{ x: number; y: number }>(`(() => {
      const box = (${expression}).getBoundingClientRect();
      return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    })()`);
    const actions = [
      { type: "pointerMove", x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await bidi.send("input.performActions", {
      context,
      actions: [{ type: "pointer", id: "mouse", actions }],
    });
  };
  return { ...page, click };
}

/** The real popup: the toolbar button is clicked, and the panel that opens is driven from the window around it. */
async function openPopup(chrome: FirefoxPage): Promise<FirefoxPage> {
  await chrome.run(`(() => {
    const { CustomizableUI } = ChromeUtils.importESModule("moz-src:///browser/components/customizableui/CustomizableUI.sys.mjs");
    CustomizableUI.addWidgetToArea("${widget}", CustomizableUI.AREA_NAVBAR);
    document.getElementById("${widget}").querySelector(".unified-extensions-item-action-button").click();
  })()`);
  await chrome.until(`!!document.querySelector("${popupBrowser}")?.currentURI.spec.endsWith("/popup.html")`);
  const run = <T>(expression: string): Promise<T> => chrome.run(insidePopup(expression));
  return { run, until: untilOf(run) };
}

/**
 * BiDi has no context for a popup. A frame script runs beside it in its process, and a sandbox there evaluates as if
 * the page had, past the policy that keeps the page itself from evaluating.
 */
function insidePopup(expression: string): string {
  const wrapped = `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
  const script = `
    const sandbox = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
    const answer = (async () => Cu.evalInSandbox(${JSON.stringify(wrapped)}, sandbox))();
    answer.then(
      (value) => sendAsyncMessage("quietwatch-test", { value }),
      (error) => sendAsyncMessage("quietwatch-test", { error: String(error) }));`;
  return `new Promise((resolve, reject) => {
    const { messageManager } = document.querySelector("${popupBrowser}");
    messageManager.addMessageListener("quietwatch-test", function listen({ data }) {
      messageManager.removeMessageListener("quietwatch-test", listen);
      if (data.error) reject(new Error(data.error));
      else resolve(JSON.parse(data.value));
    });
    messageManager.loadFrameScript("data:,(async () => {" + encodeURIComponent(${JSON.stringify(script)}) + "})()", false);
  })`;
}

function pageOf(bidi: Bidi, context: string): FirefoxPage {
  const run = async <T>(expression: string): Promise<T> => {
    const wrapped = `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
    const params = { expression: wrapped, target: { context }, awaitPromise: true, userActivation: true };
    const { type, result, exceptionDetails } = await bidi.send<{
      type: string;
      result: { value: string };
      exceptionDetails?: { text: string };
    }>("script.evaluate", params);
    if (type === "exception") throw new Error(`${exceptionDetails?.text} in ${expression.slice(0, 200)}`);
    return JSON.parse(result.value);
  };
  return { run, until: untilOf(run) };
}

function untilOf(run: FirefoxPage["run"]): FirefoxPage["until"] {
  return async <T>(expression: string, ms = 15_000): Promise<T> => {
    const deadline = Date.now() + ms;
    for (;;) {
      const value = await run<T>(expression).catch(() => null);
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`never came true: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}
