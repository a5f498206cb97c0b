// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { show, showBehind } from "../src/show";
import type { PageState } from "../src/state";

const STATE: PageState = {
  tone: "calm",
  step: 2,
  title: "10:00 – 10:20 · Acme",
  texts: { eyebrow: "On its way", headline: "10:00 – 10:20", count: "3 deliveries before yours" },
  writable: true,
  calls: false,
  van: null,
};

function element(name: string): HTMLElement {
  const found = document.getElementById(name);
  if (found === null) throw new Error(`no ${name}`);
  return found;
}

function add(tag: string, id: string, parent: Element = document.body): HTMLElement {
  const made = document.createElement(tag);
  made.id = id;
  parent.append(made);
  return made;
}

beforeEach(() => {
  document.body.replaceChildren();
  const card = add("section", "card");
  const steps = document.createElement("ol");
  steps.className = "steps";
  for (let step = 0; step < 3; step += 1) steps.append(document.createElement("li"));
  card.append(steps);
  for (const place of ["eyebrow", "headline", "line", "count"]) add("p", place, card);
  for (const part of ["writing", "calls", "may-call", "van"]) add("div", part);
  add("p", "behind").dataset["text"] = "As it was at {time}.";
});

describe("a state on the page", () => {
  test("puts each text into its place and hides the places without one", () => {
    show(STATE);
    expect(element("headline").textContent).toBe("10:00 – 10:20");
    expect(element("line").hidden).toBe(true);
    expect(element("count").hidden).toBe(false);
    expect(document.title).toBe(STATE.title);
  });

  test("does not touch what is as it was", () => {
    show(STATE);
    const text = element("headline").firstChild;
    show({ ...STATE, texts: { ...STATE.texts, count: "2 deliveries before yours" } });
    expect(element("headline").firstChild).toBe(text);
    expect(element("count").textContent).toBe("2 deliveries before yours");
  });

  test("shows how far it is", () => {
    show(STATE);
    const steps = [...document.querySelectorAll(".steps li")];
    expect(steps.map((step) => step.className)).toEqual(["done", "done", ""]);
    expect(steps.map((step) => step.getAttribute("aria-current"))).toEqual([null, "step", null]);
  });

  test("says a sentence in a smaller voice than a time", () => {
    show({ ...STATE, tone: "good", texts: { headline: "Delivered" } });
    expect(element("headline").className).toBe("said");
    expect(element("card").className).toBe("card good");
  });

  test("offers the phone first when that is what comes next, and no form when it is too late", () => {
    show({ ...STATE, calls: true, writable: false });
    expect([element("calls").hidden, element("may-call").hidden, element("writing").hidden]).toEqual([false, true, true]);
  });

  test("puts markup in as text", () => {
    show({ ...STATE, texts: { headline: "<b>x</b>" } });
    expect(element("headline").children).toHaveLength(0);
  });
});

test("what is shown without a connection says of when it is", () => {
  showBehind("10:05");
  expect([element("behind").textContent, element("behind").hidden]).toEqual(["As it was at 10:05.", false]);
  showBehind(null);
  expect(element("behind").hidden).toBe(true);
});
