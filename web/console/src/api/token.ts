/** The token comes in the address's fragment, which browsers send to no server, and leaves the address at once. */

const STORAGE_KEY = "milepost.token";

/** The token in a fragment such as `#token=abc`, or null. */
export function tokenInFragment(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("token")?.trim();
  return token === undefined || token === "" ? null : token;
}

/** Moves a token from the address into the tab's storage; returns the token to use, or null. */
export function adoptToken(): string | null {
  const given = tokenInFragment(location.hash);
  if (given === null) return sessionStorage.getItem(STORAGE_KEY);
  keepToken(given);
  history.replaceState(history.state, "", location.pathname + location.search);
  return given;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(STORAGE_KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}
