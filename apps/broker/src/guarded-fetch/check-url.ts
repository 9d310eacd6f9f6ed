import { isIP } from "node:net";
import { MeshError } from "@claudemesh/protocol";
import { isAllowed, type OwnNetworks } from "./public-address.ts";

/** Ports of services that do not speak HTTP, or that nobody should be asked for by way of a broker. */
const refusedPorts = new Set([
  1080, 1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4222, 5432, 5672, 5900,
  5984, 6000, 6379, 6443, 6667, 8086, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 27017,
]);

/** Names that are for a machine itself or its own network (RFC 6761, RFC 6762, RFC 8375, and what clouds and systems use). */
const ownNames =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid|example|arpa|ip6-localhost|ip6-loopback)$/;

const refusal = (message: string): MeshError =>
  new MeshError("malformed", `url: ${message}`, { detail: { field: "url" } });

/** A URL that may be asked, as far as its text says. Throws `malformed` with the reason. What its name stands for is looked at when it is asked. */
export function checkUrl(text: string, own: OwnNetworks): URL {
  const url = URL.parse(text);
  if (url === null) throw refusal("not a URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refusal("only http and https are asked");
  }
  if (url.username !== "" || url.password !== "") {
    throw refusal("no user or password may stand in it; give a header instead");
  }
  const host = hostOf(url);
  if (host === "") throw refusal("it names no host");
  const isLiteral = isIP(host) !== 0 || url.hostname.startsWith("[");
  if (isLiteral) {
    if (!isAllowed(host, own)) throw refusal("that address is not one of the public internet");
  } else if (own.length === 0 && (ownNames.test(host) || !host.includes("."))) {
    throw refusal("that name is not one of the public internet");
  }
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const isOwn = isLiteral && own.length > 0 && !isAllowed(host, []);
  const isUsual = port === 80 || port === 443 || (port >= 1_024 && !refusedPorts.has(port));
  if (!isUsual && !isOwn) throw refusal(`port ${port} is not asked`);
  return url;
}

/** The host without the brackets and the dot that names may end in. */
export const hostOf = ({ hostname }: URL): string =>
  hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
