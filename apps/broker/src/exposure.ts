import { isIP } from "node:net";
import type { BrokerConfig } from "./config/settings.ts";

/** Who can reach a broker, and what for: said once at its start, so that nobody exposes more than they meant to. */
export function exposureOf(
  {
    host,
    publicUrl,
    tlsCert,
    trustProxy,
  }: Pick<BrokerConfig, "host" | "publicUrl" | "tlsCert" | "trustProxy">,
  url: string,
): string {
  const who = isLoopback(host)
    ? "this machine only"
    : host === "0.0.0.0" || host === "::"
      ? "everyone who reaches any address of this machine"
      : `everyone who reaches ${host}`;
  const how = tlsCert === "" ? "in plain http" : "in https";
  const named = publicUrl === "" ? "" : `, links name ${publicUrl}`;
  const proxied =
    trustProxy.length === 0 ? "" : `, X-Forwarded-For is believed of ${trustProxy.join(" ")}`;
  return `${url} is open to ${who}, ${how}${named}${proxied}: joining by invite, health, and what members are allowed to`;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
