import "../../shared/ui/tokens.css";
import "./styles/base.css";
import "./styles/plain.css";
import { render } from "preact";
import { PairPage } from "./pages/pair-page.tsx";

const root = document.getElementById("app");
const code = new URLSearchParams(location.search).get("code") ?? "";
if (root) render(<PairPage code={code} />, root);
