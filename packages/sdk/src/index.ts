export { backoffMs } from "./backoff.ts";
export { createClient } from "./client.ts";
export { parseEndpoint } from "./endpoint.ts";
export { traced } from "./traced.ts";
export type {
  CallOptions,
  Client,
  ClientEvent,
  ClientOptions,
  HelloSigner,
  LinkState,
  SocketLike,
  UnreadableEvent,
  WireMethods,
} from "./types.ts";
