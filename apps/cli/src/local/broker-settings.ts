import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { MeshError, withoutTrailingSlashes } from "@claudemesh/protocol";
import type { BrokerSettings, Host } from "../host.ts";

type Input = Readonly<Record<string, unknown>>;

/** Where a broker shall listen, from the flags of `up` and `broker start`. Throws `malformed` naming the flag. */
export function brokerSettings(input: Input, host: Host): BrokerSettings {
  const { host: address, port, data, publicUrl } = input;
  return {
    ...(typeof address === "string" ? { host: address } : {}),
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(typeof data === "string" ? { dataDir: resolve(data) } : {}),
    ...(typeof publicUrl === "string" ? { publicUrl: urlOf(publicUrl) } : {}),
    defaultDataDir: join(host.home, "broker"),
  };
}

function portOf(port: unknown): number {
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535) {
    return port;
  }
  throw new MeshError("malformed", "--port is a number from 0 to 65535");
}

function urlOf(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.hash && !url.search && !url.username) {
    return withoutTrailingSlashes(url.origin + url.pathname);
  }
  throw new MeshError("malformed", "--public-url is not a plain http or https URL", {
    hint: "for example: --public-url https://mesh.example",
  });
}

/** Whether only this machine can dial `address`. */
export const isLoopback = (address: string): boolean =>
  address === "localhost" ||
  address === "::1" ||
  (isIP(address) === 4 && address.startsWith("127."));
