import { render } from "preact";
import { ask } from "../messages.ts";
import { followUndo } from "../state/decide.ts";
import { followOpened } from "../state/detail.ts";
import { followRows, keepStill } from "../state/queue.ts";
import { followStored } from "../state/stored.ts";
import { followKeys } from "./keys.ts";
import { noticeReader } from "./notice-reader.ts";
import { Popup } from "./popup.tsx";

const root = document.getElementById("root");
if (root !== null) {
  await followStored();
  followRows();
  followUndo();
  followOpened();
  followKeys(document);
  render(<Popup />, root);
  noticeReader(keepStill);
  void ask("hello", {});
}
