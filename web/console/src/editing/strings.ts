/** The words of changing a route. */
export const editText = {
  close: "Close without a change",
  cancel: "Not now",
  save: "Save",
  saving: "Saving…",
  failed: "Nothing was changed:",
  stale: (version: number) => `Somebody changed this route meanwhile: it is version ${version} now, and was loaded again. Look at it, and confirm once more.`,
  version: (version: number) => `It becomes version ${version}; what has happened on the road stays.`,
  route: { reassign: "Reassign", reorder: "Reorder", add: "Add stop", withdraw: "Withdraw" },
  stop: { outcome: "Outcome", replan: "Re-plan", cancel: "Cancel stop" },
  reassign: {
    vehicle: "Vehicle", driver: "Driver",
    does: (route: string, from: string, to: string) => (from === to ? `${to} keeps ${route}; choose another vehicle or driver.` : `${to} drives ${route} from now on, instead of ${from}.`),
    driverOnly: (route: string, driver: string) => `${driver} drives ${route} from now on; the vehicle stays.`,
  },
  reorder: {
    help: "Arrow keys on a handle move its stop, Home and End to the ends; or drag it. Stops that were served keep their place.",
    handle: (order: string, place: number, all: number) => `${order}, ${place} of ${all}: move`,
    moved: (order: string, place: number, all: number) => `${order} is now ${place} of ${all}`,
    does: (count: number) => (count === 0 ? "No stop has moved yet." : count === 1 ? "1 stop gets another place." : `${count} stops get another place; times are computed anew.`),
  },
  add: {
    order: "Order reference", address: "Address", lat: "Latitude", lon: "Longitude", recipient: "Recipient", phone: "Phone",
    window_start: "Window from", window_end: "Window to", parcels: "Parcels", notes: "Notes for the driver", email: "E-mail", service_min: "Time at the stop (minutes)",
    proof: "Proof of delivery", notify: "Messages to the recipient", language: "Their language (two letters)",
    choices: {
      proof: { "": "none", photo: "a photo", signature: "a signature" },
      notify: { "": "not known", yes: "wanted", no: "not wanted" },
    },
    after: "Place in the route",
    atEnd: "At the end", behind: (sequence: number, who: string) => `Behind stop ${sequence}, ${who}`,
    help: "An address is looked up if a geocoder is set up; else give latitude and longitude.",
    does: (order: string, route: string) => `${order === "" ? "A stop" : order} is added to ${route}.`,
  },
  cancelStop: { does: (order: string, route: string) => `The van of ${route} does not go to ${order} any more. The order's tracking link says so.` },
  replan: {
    route: "Into route", here: (route: string) => `${route} (this one)`,
    does: (order: string, route: string) => `${order} is planned again at the end of ${route}, under the same reference and tracking link.`,
  },
  withdraw: { does: (route: string, left: number) => `${route} is not driven any further: ${left} stops that are left are not served. It can only come back by importing it again.` },
  outcome: {
    succeeded: "Delivered", failed: "Failed", undone: "Take the outcome back", leftWith: "To whom", reason: "Why",
    does: (order: string, what: string) => `For ${order} it is noted, as said by the operator: ${what}.`,
  },
} as const;
