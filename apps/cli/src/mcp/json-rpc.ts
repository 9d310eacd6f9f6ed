/** A JSON-RPC 2.0 request or notification as it came in; a notification has no id. */
export interface Incoming {
  readonly id?: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What can go wrong in JSON-RPC itself (JSON-RPC 2.0, section 5.1). */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
} as const;

/** An answer that is an error of the protocol, not of a tool. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What one line says: a request, an error to answer it with, or nothing that needs an answer. */
export function readLine(
  line: string,
): Incoming | { readonly error: RpcError; readonly id: null } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: new RpcError(rpcCodes.parseError, "the line is not JSON"), id: null };
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return {
      error: new RpcError(rpcCodes.invalidRequest, "expected one request per line"),
      id: null,
    };
  }
  const { id, method, params } = value as Record<string, unknown>;
  // An answer to something that this server never asked.
  if (method === undefined) return undefined;
  if (typeof method !== "string" || !isId(id)) {
    return {
      error: new RpcError(rpcCodes.invalidRequest, "method or id has the wrong type"),
      id: null,
    };
  }
  const given =
    params !== null && typeof params === "object" && !Array.isArray(params) ? params : {};
  return { ...(id === undefined ? {} : { id }), method, params: given as Record<string, unknown> };
}

const isId = (id: unknown): id is string | number | undefined =>
  id === undefined || typeof id === "string" || typeof id === "number";

/** One answer as a line. */
export const answerLine = (id: string | number | null, result: unknown): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`;

export const errorLine = (id: string | number | null, { code, message }: RpcError): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } })}\n`;

export const notificationLine = (method: string, params?: unknown): string =>
  `${JSON.stringify({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) })}\n`;
