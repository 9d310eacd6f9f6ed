import type { IncomingMessage } from "node:http";
import { BlockList, isIP, type Socket } from "node:net";

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** As it is written, without the form in which a socket for both families shows IPv4 and without a zone. */
const plain = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

const own = listOf(["127.0.0.0/8", "::1"]);

/** Whether an address is this machine's to itself. */
export const isOwnMachine = (address: string): boolean =>
  isIP(address) !== 0 && own.check(address, familyOf(address));

/** Names the headers by which proxies say for whom they ask. */
export const forwardingHeaders = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

/** Finds whose request it is, also behind proxies that the operator trusts. */
export class ClientAddresses {
  readonly #trusted: BlockList;

  constructor(trusted: readonly string[]) {
    this.#trusted = listOf(trusted);
  }

  isProxy(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, familyOf(address));
  }

  /** The address of the socket's other end; a request that was destroyed has no socket any more. */
  peer({ socket }: { readonly socket: Socket | null }): string {
    return plain(socket?.remoteAddress ?? "unknown");
  }

  /**
   * From the right of X-Forwarded-For the first that is no trusted proxy: everything left of it was written by strangers. The socket's
   * address where that is no trusted proxy itself.
   */
  client(request: IncomingMessage): string {
    let seen = this.peer(request);
    if (!this.isProxy(seen)) return seen;
    const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
    for (const part of forwarded.reverse()) {
      const address = plain(part.trim());
      if (isIP(address) === 0) return seen;
      seen = address;
      if (!this.isProxy(address)) return seen;
    }
    return seen;
  }
}

/** What is limited as one address: of IPv6 the first 64 bits, since whoever has one such network has all of its addresses. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  const all = [...groups, ...Array.from({ length: zeros }, () => "0"), ...after];
  const first = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${first.join(":")}::/64`;
}
