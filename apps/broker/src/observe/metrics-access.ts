import type { IncomingMessage } from "node:http";
import { mac, macEquals } from "@claudemesh/crypto/verify";
import { type ClientAddresses, forwardingHeaders, isOwnMachine } from "../limits/client-address.ts";

export interface MetricsAccessOptions {
  readonly addresses: ClientAddresses;
  /** the token that other machines must send; undefined when none may read */
  readonly token: string | undefined;
  /** a key of this process alone, so that tokens of any length compare in the same time */
  readonly key: Uint8Array;
}

const localHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Whether a request may read the metrics: it bears the token, or it comes from this machine itself, asks for it by a name of this machine
 * and was forwarded by nobody. A proxy on this machine, known or not, makes nobody local.
 */
export function metricsAccess({ addresses, key, token }: MetricsAccessOptions) {
  const wanted = token === undefined ? undefined : mac(key, token);
  return (request: IncomingMessage): boolean => {
    const { authorization = "", host = "" } = request.headers;
    if (authorization !== "") {
      const [, given] = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization) ?? [];
      return wanted !== undefined && given !== undefined && macEquals(mac(key, given), wanted);
    }
    const forwarded = forwardingHeaders.some((name) => request.headers[name] !== undefined);
    return !forwarded && isOwnMachine(addresses.peer(request)) && localHost.test(host);
  };
}
