// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { adoptToken, forgetToken, tokenInFragment } from "../../src/api/token";

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, "", "/?q=van");
});

it.each([["#token=abc", "abc"], ["#token=a%2Bb", "a+b"], ["#x=1&token=abc", "abc"], ["#token=", null], ["#", null], ["", null]])(
  "the fragment %j holds %j",
  (fragment, token) => {
    expect(tokenInFragment(fragment)).toBe(token);
  },
);

it("leaves the address at once and stays in the tab", () => {
  location.hash = "#token=secret";
  expect(adoptToken()).toBe("secret");
  expect(location.href).not.toContain("secret");
  expect(location.search).toBe("?q=van");
  expect(adoptToken()).toBe("secret");
  forgetToken();
  expect(adoptToken()).toBeNull();
});
