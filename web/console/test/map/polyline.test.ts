import { describe, expect, it } from "vitest";
import { encodeLine } from "../../../dev/route-plan";
import { decodePolyline, NoPolyline } from "../../src/map/polyline";

describe("a polyline of six decimals", () => {
  it("is read as Valhalla writes it", () => {
    // (38.5, -120.2), (40.7, -120.95), (43.252, -126.453): the format's own example, at 1e-6
    const places = decodePolyline("_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI");
    expect(places).toEqual([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
  });

  it("comes back as it was written, to the millionth, over the whole earth", () => {
    const places = [[24.941234, 60.170001], [-179.999999, -89.999999], [179.999999, 89.999999], [0, 0], [-0.000001, 0.000001]];
    expect(decodePolyline(encodeLine(places))).toEqual(places);
  });

  it("may be empty", () => {
    expect(decodePolyline("")).toEqual([]);
  });

  it.each([["_izlhA", 6], ["_izlhA~rlgdF_", 13], ["_iz hA~rlgdF", 3], ["~~~~~~~~~~", 6]])("says where %j is none", (text, at) => {
    expect(() => decodePolyline(text)).toThrow(new NoPolyline(at));
  });
});
