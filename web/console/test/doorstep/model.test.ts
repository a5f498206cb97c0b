import { describe, expect, it } from "vitest";
import { driverOf } from "../../src/doorstep/phone-dialog";
import { decodeDriverLink, decodeProofs, decodeRenewed, driverLinkUrl, formatSize, imageOf, isWebAddress, proofStateOf, proofUrl, proofsUrl } from "../../src/doorstep/model";
import { countChanges, nameOfSource } from "../../src/doorstep/source-note";

const PROOF = { digest: "ab", kind: "photo", media_type: "image/jpeg", size: 81_234, taken: 20, received: 30 };

describe("proofs", () => {
  it("come as a list, oldest first; what is none is left out", () => {
    const older = { ...PROOF, digest: "cd", kind: "signature", taken: 10, erased: null };
    const bad = [{ ...PROOF, kind: "song" }, { ...PROOF, size: "large" }, null, 7];
    expect(decodeProofs([PROOF, older, ...bad])).toEqual([{ ...PROOF, digest: "cd", kind: "signature", taken: 10 }, PROOF]);
    expect(decodeProofs({ error: "none" })).toEqual([]);
  });

  it("have an address below their stop, whatever its name", () => {
    expect(proofsUrl("main/R 1", "a/b")).toBe("/api/v1/routes/R%201/stops/a%2Fb/proofs?fleet=main");
    expect(proofUrl("main/R-1", "s1", "ab")).toBe("/api/v1/routes/R-1/stops/s1/proofs/ab?fleet=main");
  });

  it.each([
    [undefined, "succeeded", [], "none"],
    ["photo", "none", [], "asked"],
    ["photo", "failed", [], "asked"],
    ["photo", "succeeded", [], "missing"],
    ["photo", "succeeded", [{ kind: "signature" }], "missing"],
    ["photo", "none", [{ kind: "photo" }], "came"],
  ] as const)("asked for %s, said %s, brought %j: %s", (asked, outcome, brought, state) => {
    expect(proofStateOf(asked, outcome, brought)).toBe(state);
  });

  it.each([[740, "740 B"], [86_400, "86 kB"], [3_145_728, "3.1 MB"]])("of %i bytes are told as %s", (bytes, told) => {
    expect(formatSize(bytes)).toBe(told);
  });
});

describe("a driver's link", () => {
  it("is by the vehicle's name where no driver is named", () => {
    expect(driverOf({ driver: "M. Korhonen", vehicle: "van-2" })).toBe("M. Korhonen");
    expect(driverOf({ vehicle: "van-2" })).toBe("van-2");
  });

  it("is asked for by name and fleet", () => {
    expect(driverLinkUrl("main", "M. K & Söhne")).toBe("/api/v1/drivers/link?driver=M.+K+%26+S%C3%B6hne&fleet=main");
  });

  it("is nothing that a browser would run", () => {
    const link = { driver: "M.", url: "https://x.example/driver/t", svg: "<svg/>" };
    expect(decodeDriverLink(link)).toEqual(link);
    expect(decodeDriverLink({ ...link, url: "javascript:alert(1)" })).toBeNull();
    expect(decodeDriverLink({ driver: "M.", url: link.url })).toBeNull();
    expect([isWebAddress("/t/abc"), isWebAddress("//elsewhere.example"), isWebAddress("data:text/html,x")]).toEqual([true, false, false]);
  });

  it("has a code that an image takes, whatever is in it", () => {
    expect(imageOf('<svg a="#%"/>')).toBe("data:image/svg+xml;charset=utf-8,%3Csvg%20a%3D%22%23%25%22%2F%3E");
  });
});

it("takes a renewed address under either of its names", () => {
  expect(decodeRenewed({ order: "A", url: "https://x.example/t/1" })).toBe("https://x.example/t/1");
  expect(decodeRenewed({ order: "A", tracking_url: "/t/2" })).toBe("/t/2");
  expect(decodeRenewed({ order: "A" })).toBeNull();
});

it("counts how often another source took the lead, not how often it was told", () => {
  const leads = ["tracker", "tracker", "phone", "tracker"].map((source, index) => ({ since: index, source }));
  expect([countChanges([]), countChanges(leads.slice(0, 2)), countChanges(leads)]).toEqual([0, 0, 2]);
  expect([nameOfSource("phone"), nameOfSource("nmea-2")]).toEqual(["the driver's phone", "nmea-2"]);
});
