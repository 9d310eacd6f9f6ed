import { MeshError, withoutTrailingSlashes } from "@claudemesh/protocol";

/** Where a broker is: the address to dial, and the names that hello and error messages use. */
export interface Endpoint {
  /** `ws(s)://…/v1/ws` */
  readonly socketUrl: string;
  /** the same address over HTTP */
  readonly httpUrl: string;
  /** `host:port` as dialled, lower case, with the port written out */
  readonly host: string;
  /** the broker's URL without a trailing slash, for people */
  readonly shown: string;
}

const schemes: Record<string, { socket: string; port: string }> = {
  "http:": { socket: "ws:", port: "80" },
  "https:": { socket: "wss:", port: "443" },
};

const bad = (message: string) =>
  new MeshError("malformed", `url: ${message}`, { detail: { field: "url" } });

/** Reads a broker's `http(s)://host[:port][/path]`. Throws `malformed` for any other scheme, a user name, a query or a fragment. */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.parse(text);
  const scheme = url === null ? undefined : schemes[url.protocol];
  if (url === null || scheme === undefined) throw bad("expected http:// or https:// and a host");
  if (url.username !== "" || url.password !== "") throw bad("may not hold a user name or password");
  if (url.search !== "" || url.hash !== "") throw bad("may not hold a query or fragment");
  const path = withoutTrailingSlashes(url.pathname);
  return {
    socketUrl: `${scheme.socket}//${url.host}${path}/v1/ws`,
    httpUrl: `${url.origin}${path}/v1/ws`,
    host: `${url.hostname}:${url.port === "" ? scheme.port : url.port}`,
    shown: `${url.origin}${path}`,
  };
}
