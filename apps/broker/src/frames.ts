import {
  type MeshError,
  MIN_SUPPORTED_VERSION,
  malformed,
  PROTOCOL_VERSION,
  readCanonicalSend,
  UpFrame,
} from "@claudemesh/protocol";

/** What a text frame turned out to be. A bad frame can be answered when its id can be told. */
export type Received =
  /** `isChecked`: a call whose input was held against the operation's schema already */
  | { readonly kind: "frame"; readonly frame: UpFrame; readonly isChecked: boolean }
  | { readonly kind: "bad"; readonly id: string | undefined; readonly error: MeshError }
  | { readonly kind: "garbage" }
  | { readonly kind: "version"; readonly protocol: number };

/** Reads one text frame; never throws. */
export function readFrame(text: string): Received {
  const send = readCanonicalSend(text);
  if (send !== undefined) return { kind: "frame", frame: send, isChecked: true };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "garbage" };
  }
  if (typeof value !== "object" || value === null) return { kind: "garbage" };
  const protocol = otherVersion(value);
  if (protocol !== undefined) return { kind: "version", protocol };
  const result = UpFrame.safeParse(value);
  if (result.success) return { kind: "frame", frame: result.data, isChecked: false };
  return { kind: "bad", id: idOf(value), error: malformed(result.error, "frame") };
}

/** A hello of another version may look different in every other field. */
function otherVersion(value: object): number | undefined {
  const { type, hello } = value as { type?: unknown; hello?: { protocol?: unknown } | null };
  const protocol = type === "hello" ? hello?.protocol : undefined;
  if (typeof protocol !== "number") return undefined;
  const spoken = protocol >= MIN_SUPPORTED_VERSION && protocol <= PROTOCOL_VERSION;
  return spoken ? undefined : protocol;
}

function idOf(value: object): string | undefined {
  const { type, id } = value as { type?: unknown; id?: unknown };
  if (type === "hello") return "hello";
  return typeof id === "string" && id.length >= 1 && id.length <= 40 ? id : undefined;
}
