import { Hash, MeshError, MessageBody, parse } from "@claudemesh/protocol";
import { fromUtf8 } from "./encoding.ts";
import type { CanonicalEnvelope } from "./envelope.ts";

/** The message inside an opened body. Throws `bad_signature` when it was sealed under another header, `malformed` when it is no message. */
export function openInner(plaintext: Uint8Array, canonical: CanonicalEnvelope): MessageBody {
  const inner = parseInner(plaintext);
  if (parse(Hash, inner.h, "h") !== canonical.headerHash()) {
    throw new MeshError("bad_signature", "the body was sealed under another header");
  }
  const { h: _h, body, ...rest } = inner;
  const extra = Object.keys(rest).length;
  if (extra > 0) throw new MeshError("malformed", "the opened body has unknown fields");
  return parse(MessageBody, body, "body");
}

function parseInner(plaintext: Uint8Array): Record<string, unknown> {
  let inner: unknown;
  try {
    inner = JSON.parse(fromUtf8(plaintext));
  } catch {
    throw new MeshError("malformed", "the opened body is not JSON");
  }
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) {
    throw new MeshError("malformed", "the opened body is not an object");
  }
  return inner as Record<string, unknown>;
}
