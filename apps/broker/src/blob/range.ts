import { limits, MeshError } from "@claudemesh/protocol";

/** What of a file is asked for: `from` up to and without `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
  readonly isPart: boolean;
}

/** The one range of a request (RFC 9110, section 14): from a byte on, or from one to another; without the header everything. Throws `malformed`. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange {
  if (header === undefined) return { from: 0, to: bytes, isPart: false };
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header) ?? [];
  const from = Number(first ?? Number.NaN);
  const to = last === undefined || last === "" ? bytes : Math.min(Number(last) + 1, bytes);
  if (from < to) return { from, to, isPart: true };
  throw new MeshError("malformed", "range: expected bytes=<from>- within the file", {
    detail: { reason: "range" },
  });
}

/** How many parts so many bytes have. */
export const partCount = (bytes: number): number => Math.ceil(bytes / limits.filePartBytes);

/** How many bytes a part of a file has; 0 beyond its end. */
export const partLength = (bytes: number, part: number): number =>
  Math.max(0, Math.min(limits.filePartBytes, bytes - part * limits.filePartBytes));
