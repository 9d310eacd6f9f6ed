import ipaddr from "ipaddr.js";

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const ranges = (texts: readonly string[]): Range[] => texts.map((text) => ipaddr.parseCIDR(text));

/** What is assigned for no host on the public internet, beside what `ipaddr.js` knows to be so (IANA special-purpose registries). */
const special = ranges([
  "0.0.0.0/8",
  "168.63.129.16/32",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
]);

/** Where hosts of the public internet have their IPv6 addresses. */
const [globalUnicast] = ranges(["2000::/3"]) as [Range];

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, [range, bits]: Range): boolean =>
  address.kind() === range.kind() && address.match(range as never, bits);

/** Networks of the operator's own that may be reached besides. */
export type OwnNetworks = readonly Range[];

/** Reads addresses and ranges as settings have them. */
export const ownNetworks = (texts: readonly string[]): OwnNetworks =>
  texts.map((text) =>
    text.includes("/")
      ? ipaddr.parseCIDR(text)
      : [ipaddr.parse(text), ipaddr.parse(text).kind() === "ipv4" ? 32 : 128],
  );

/** Whether an address may be asked: it is one of the public internet, carries no other address within, and names no interface; or it is the operator's own. */
export function isAllowed(text: string, own: OwnNetworks): boolean {
  const bare = text.replace(/^\[|\]$/g, "");
  if (bare.includes("%") || !ipaddr.isValid(bare)) return false;
  const address = ipaddr.parse(bare);
  const real =
    address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
      ? address.toIPv4Address()
      : address;
  if (own.some((range) => isIn(real, range))) return true;
  if (address.range() !== "unicast") return false;
  if (address.kind() === "ipv6" && !isIn(address, globalUnicast)) return false;
  return !special.some((range) => isIn(address, range));
}
