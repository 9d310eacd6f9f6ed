import {
  afterClose,
  closeCodes,
  type ErrorCode,
  MeshError,
  MIN_SUPPORTED_VERSION,
  PROTOCOL_VERSION,
} from "@claudemesh/protocol";
import type { Endpoint } from "./endpoint.ts";

const codes: Partial<Record<number, ErrorCode>> = {
  1009: "too_large",
  4002: "not_member",
  4010: "upgrade_required",
  4011: "log_mismatch",
};

/** `offline`, naming the broker and why it cannot be reached. */
export const unreachable = (endpoint: Endpoint, reason: string): MeshError =>
  new MeshError("offline", `cannot reach ${endpoint.shown}: ${reason}`, {
    detail: { url: endpoint.shown, reason },
  });

/** `offline`, naming the broker and what was wrong with the connection to it. */
export const broken = (endpoint: Endpoint, reason: string): MeshError =>
  new MeshError("offline", `${endpoint.shown}: ${reason}`, {
    detail: { url: endpoint.shown, reason },
  });

/** The error that stands for a connection that closed with `code`; `failure` is what the platform told of a failed dial. */
export function closeError(
  endpoint: Endpoint,
  close: { code: number; failure: string | undefined; opened: boolean },
): MeshError {
  const listed = Object.hasOwn(closeCodes, close.code) && close.code !== 1006;
  if (!listed && !close.opened) {
    return unreachable(endpoint, close.failure ?? "the connection could not be opened");
  }
  const reason = listed
    ? afterClose(close.code).sentence
    : `${afterClose(close.code).sentence} (code ${close.code})`;
  return new MeshError(codes[close.code] ?? "offline", `${endpoint.shown}: ${reason}`, {
    detail: { url: endpoint.shown, reason, closeCode: close.code },
  });
}

/** `upgrade_required` naming both sides when this version is outside what the broker speaks, else undefined. */
export function versionError(
  endpoint: Endpoint,
  broker: { current: number; min: number },
): MeshError | undefined {
  if (PROTOCOL_VERSION >= broker.min && PROTOCOL_VERSION <= broker.current) return undefined;
  const old = PROTOCOL_VERSION < broker.min ? "this program" : "the broker";
  return new MeshError(
    "upgrade_required",
    `${endpoint.shown} speaks protocol versions ${broker.min} to ${broker.current}, this program ${MIN_SUPPORTED_VERSION} to ${PROTOCOL_VERSION}; upgrade ${old}`,
    { detail: { broker, client: { current: PROTOCOL_VERSION, min: MIN_SUPPORTED_VERSION } } },
  );
}
