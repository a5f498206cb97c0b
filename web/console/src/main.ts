import "@fontsource-variable/inter/wght.css";
import "./styles/fonts.css";
import "./styles/theme.css";
import "./styles/layout.css";
import "./styles/list.css";
import "./styles/routes.css";
import "./styles/details.css";
import "./styles/round.css";
import "./styles/map.css";
import "./styles/dialog.css";
import "./styles/search.css";
import "./styles/importing.css";
import "./styles/editing.css";
import "./styles/doorstep.css";
import "./styles/outbox.css";
import { ApiClient } from "./api/client";
import { adoptToken, forgetToken, keepToken, tokenInFragment } from "./api/token";
import { Console } from "./page/console";
import { loginForm, type LoginReason } from "./page/login";

const root = document.getElementById("app");
let running: Console | null = null;

function show(element: HTMLElement): void {
  root?.replaceChildren(element);
}

function askForToken(reason: LoginReason): void {
  running?.stop();
  running = null;
  forgetToken();
  show(loginForm(reason, (token) => {
    keepToken(token);
    open(token);
  }));
}

function open(token: string): void {
  running?.stop();
  running = new Console(new ApiClient(token), () => { askForToken("refused"); });
  show(running.element);
  void running.start();
}

function begin(): void {
  const token = adoptToken();
  if (token === null) askForToken("missing");
  else open(token);
}

addEventListener("hashchange", () => {
  if (tokenInFragment(location.hash) !== null) begin();
});
begin();
