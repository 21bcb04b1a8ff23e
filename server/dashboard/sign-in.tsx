import "../../shared/ui/tokens.css";
import "./styles/base.css";
import "./styles/plain.css";
import { render } from "preact";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { nextPath } from "./state/next-path.ts";

// The token leaves the address at once, so that history and a shared screen do not keep it.
const token = decodeURIComponent(location.hash.slice(1));
if (token !== "") history.replaceState(null, "", location.pathname + location.search);

const root = document.getElementById("app");
const next = nextPath(location.search);
if (root) render(<SignInPage token={token} next={next} go={(path) => location.assign(path)} />, root);
