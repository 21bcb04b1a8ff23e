import { normaliseAddress } from "../lib/address.ts";
import { badgeFace } from "../lib/badge-face.ts";
import { browser } from "../lib/browser.ts";
import { openOutboxStore } from "../lib/outbox-store.ts";
import { openLocal, openSession } from "../lib/storage.ts";
import { createAnswers } from "./answers.ts";
import { Connection } from "./connection.ts";
import { createDispatch } from "./dispatch.ts";
import { createModel } from "./model.ts";
import { createPairingDesk } from "./pairing.ts";
import { Sender } from "./sender.ts";
import { Session } from "./session.ts";

const alarmName = "net";
const local = openLocal();
const values = openSession();
const now = () => Date.now();
const random = () => Math.random();

const model = createModel({
  local,
  session: values,
  now,
  paint: (link, items) => {
    const face = badgeFace(link, items);
    void browser.action.setBadgeText({ text: face.text });
    void browser.action.setBadgeBackgroundColor({ color: face.colour });
    void browser.action.setBadgeTextColor({ color: "#ffffff" });
    void browser.action.setTitle({ title: face.title });
  },
});
const session = new Session({ local, session: values, fetch: (input, init) => fetch(input, init), now });
const sender = new Sender({
  store: openOutboxStore(),
  session,
  model,
  now,
  random,
  newKey: () => crypto.randomUUID(),
  onSignedOut: () => {
    model.setLink("signed-out", "Your sign-in has ended.");
    connection.restart();
  },
});
const connection = new Connection({
  session,
  model,
  values,
  isAllowed: (server) => browser.permissions.contains({ origins: [normaliseAddress(server).pattern] }),
  onOnline: () => void sender.flush(true),
  now,
  random,
});
const desk = createPairingDesk({ values, session, model, now, onSignedIn: () => connection.restart() });
const signOut = async () => {
  await session.signOut();
  await model.forget();
  model.setLink("signed-out");
  connection.restart();
};

const ready = model.load().then(() => {
  connection.ensure();
  void sender.flush();
  void desk.resume();
});
const dispatch = createDispatch(createAnswers({ connection, sender, session, desk, signOut }), ready);

browser.runtime.onMessage.addListener(dispatch);
browser.runtime.onInstalled.addListener(() => undefined);
browser.runtime.onStartup.addListener(() => undefined);
browser.alarms.onAlarm.addListener(async () => {
  await ready;
  connection.ensure();
  await sender.flush();
});
browser.permissions.onAdded.addListener(() => connection.restart());
browser.permissions.onRemoved.addListener(() => connection.restart());
browser.storage.onChanged.addListener((changes, area) => {
  const isOtherServer = area === "local" && "server" in changes;
  const isNewSignIn =
    area === "session" && changes.access?.newValue !== undefined && model.link().state === "signed-out";
  if (isOtherServer || isNewSignIn) void ready.then(() => connection.restart());
});

// Creating it again would move its next time, and a worker that wakes often would never see it.
void browser.alarms.get(alarmName).then((alarm) => {
  if (alarm === undefined) void browser.alarms.create(alarmName, { periodInMinutes: 0.5 });
});
