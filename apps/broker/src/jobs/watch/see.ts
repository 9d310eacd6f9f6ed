import { sha256, toHex } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import type { FetchAnswer } from "../../guarded-fetch/guarded-fetch.ts";
import type { WatchSpec, WatchState } from "./spec.ts";

/** characters of a value that is kept and compared */
const mostChars = 4_000;
/** values of which a list is made */
const mostValues = 100;

/** What of an answer is looked at, as text; undefined where it says that nothing has changed. Throws what makes it of no use. */
export async function seenIn(
  { mode, path = "$" }: WatchSpec,
  { status, body }: FetchAnswer,
): Promise<string | undefined> {
  if (mode === "status") return String(status);
  if (status === 304) return undefined;
  if (status < 200 || status > 299) {
    throw new MeshError("unavailable", `it answered ${status}`);
  }
  if (mode === "hash") return toHex(sha256(body));
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new MeshError("unavailable", "its answer is not JSON");
  }
  const { query } = await import("jsonpath-rfc9535");
  return asText(query(value as never, path) as unknown[]);
}

/** One value as itself, several as a list; nothing is `(nothing)`. */
function asText(found: readonly unknown[]): string {
  if (found.length === 0) return "(nothing)";
  const [only] = found;
  const value = found.length === 1 ? only : found.slice(0, mostValues);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, mostChars);
}

/** Whether what was seen is to be told, and whether it fits what is waited for. Only what becomes so is told, not what stays so. */
export function judged(
  { on, value }: WatchSpec,
  before: WatchState,
  seen: string,
): { readonly isNews: boolean; readonly fits: boolean } {
  if (on === "change") {
    return { isNews: before.seen !== undefined && before.seen !== seen, fits: false };
  }
  const fits = (seen === value) === (on === "match");
  return { isNews: fits && before.fits !== true, fits };
}

/** Throws `malformed` for a path that cannot be read, or that could take long over an answer that was made for it: with regular expressions, or choices within choices. */
export async function requirePath(path: string): Promise<void> {
  const bare = path.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, "''");
  const isCostly =
    /\b(match|search)\s*\(/.test(bare) ||
    bare.indexOf("$", 1) >= 0 ||
    bare.split("..").length > 2 ||
    bare.split(",").length > 2;
  if (isCostly) {
    throw new MeshError(
      "malformed",
      "path: too costly; take at most one .. and one comma, no match() or search(), and $ at its beginning alone",
    );
  }
  const { query } = await import("jsonpath-rfc9535");
  try {
    query({}, path);
  } catch {
    throw new MeshError("malformed", "path: not a JSON path (RFC 9535), such as $.status");
  }
}
