import { h } from "../dom";
import { text } from "../strings";

/** Why a token is asked for. */
export type LoginReason = "missing" | "refused";

/** The form that asks for a token. */
export function loginForm(reason: LoginReason, submit: (token: string) => void): HTMLElement {
  const input = h("input", {
    type: "password",
    id: "token",
    name: "token",
    required: true,
    autocomplete: "current-password",
    spellcheck: "false",
    "aria-describedby": "token-help",
  });
  const send = (event: Event): void => {
    event.preventDefault();
    const token = input.value.trim();
    if (token !== "") submit(token);
  };
  const form = h(
    "form",
    { class: "login", submit: send },
    h("h1", {}, text.login.title),
    h("p", { class: reason === "refused" ? "problem" : "", role: "alert" }, text.login[reason]),
    // A password manager files the token under a name.
    h("input", { type: "text", name: "username", autocomplete: "username", value: "milepost", hidden: true }),
    h("label", { for: "token" }, text.login.label),
    input,
    h("button", { type: "submit", class: "button primary" }, text.login.submit),
    h("p", { id: "token-help", class: "login-help" }, text.login.help),
  );
  queueMicrotask(() => { input.focus(); });
  return h("main", { class: "login-page" }, form);
}
