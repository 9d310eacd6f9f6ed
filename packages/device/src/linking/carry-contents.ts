import { deflateRawSync, inflateRawSync } from "node:zlib";
import { fromUtf8, type LinkChannel, utf8 } from "@claudemesh/crypto";
import { LinkContents, limits, MeshError, parse } from "@claudemesh/protocol";
import { firstSealed } from "./exchange-keys.ts";
import type { MailboxClient } from "./mailbox-client.ts";

/** Plaintext of one part: its last byte-flag, nonce and tag still have room within a part. */
const pieceBytes = limits.mailboxPartBytes - 256;
/** What a link may carry, unpacked. */
const mostBytes = 256 * 1024 * 1024;

const more = 0;
const last = 1;

/** Seals what the new device gets and leaves it, part by part. Throws `too_large` for more than a link carries. */
export async function sendContents(
  mailbox: MailboxClient,
  channel: LinkChannel,
  contents: LinkContents,
): Promise<void> {
  const packed = deflateRawSync(utf8(JSON.stringify(contents)));
  const pieces = Math.ceil(packed.length / pieceBytes);
  if (pieces > limits.mailboxParts - firstSealed) {
    throw new MeshError("too_large", "this home is too large for a link", {
      hint: "take it over with `claudemesh backup` and `claudemesh restore`",
    });
  }
  for (let at = 0; at < pieces; at++) {
    const piece = packed.subarray(at * pieceBytes, (at + 1) * pieceBytes);
    const whole = new Uint8Array(piece.length + 1);
    whole[0] = at === pieces - 1 ? last : more;
    whole.set(piece, 1);
    await mailbox.put(channel.seal(whole, firstSealed + at));
  }
}

/** Takes what the existing device seals, to its last part. Throws `bad_signature`, `malformed`, `too_large`, and what the mailbox throws. */
export async function takeContents(
  mailbox: MailboxClient,
  channel: LinkChannel,
): Promise<LinkContents> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const part = firstSealed + pieces.length;
    if (part > limits.mailboxParts) throw new MeshError("too_large", "the link does not end");
    const whole = channel.open(await mailbox.take(part), part);
    pieces.push(whole.subarray(1));
    if (whole[0] === last) return parseContents(Buffer.concat(pieces));
  }
}

/** What an opened link says. Throws `malformed`. */
export function parseContents(packed: Uint8Array): LinkContents {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(inflateRawSync(packed, { maxOutputLength: mostBytes })));
  } catch {
    throw new MeshError("malformed", "what came over the link cannot be read");
  }
  return parse(LinkContents, value, "link");
}
