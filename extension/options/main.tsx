import { render } from "preact";
import { ask } from "../messages.ts";
import { followStored } from "../state/stored.ts";
import { Options } from "./options.tsx";

const root = document.getElementById("root");
if (root !== null) {
  await followStored();
  render(<Options />, root);
  void ask("hello", {});
}
