import { type ErrorCode, errorTable, MeshError } from "@claudemesh/protocol/light";

/** The error that a daemon tells, as it threw it; undefined where it tells none. Judged by hand: a verb loads no schemas. */
export function toldError(body: unknown): MeshError | undefined {
  if (!isRecord(body)) return undefined;
  const { code, message, hint, detail, requestId, retryAfterMs } = body;
  if (typeof code !== "string" || !Object.hasOwn(errorTable, code)) return undefined;
  if (typeof message !== "string") return undefined;
  return new MeshError(code as ErrorCode, message, {
    ...(typeof hint === "string" ? { hint } : {}),
    ...(isRecord(detail) ? { detail } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
    ...(typeof retryAfterMs === "number" && retryAfterMs >= 0 ? { retryAfterMs } : {}),
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
