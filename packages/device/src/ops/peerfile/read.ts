import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { askPeer } from "../../peer-files/ask-peer.ts";
import { askedMesh } from "../target-mesh.ts";
import { peerNamed } from "./peer-named.ts";

/** Reads a peer's file piece by piece. Throws `conflict` should it change meanwhile. */
export const read: DeviceHandler<"peerfile.read"> = async ({ mesh, peer, path }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const to = await peerNamed(ctx, row, peer);
  const pieces: Buffer[] = [];
  let from = 0;
  let stamp: string | undefined;
  for (;;) {
    const reply = await askPeer(ctx, row, to, { does: "read", path, from });
    if (reply.is !== "piece") {
      throw new MeshError("bad_signature", "the peer answered another thing");
    }
    const data = Buffer.from(reply.data, "base64");
    const isSame = stamp === undefined || stamp === reply.stamp;
    stamp = reply.stamp;
    from += data.length;
    if (!isSame || from > reply.bytes || (data.length === 0 && from < reply.bytes)) {
      throw new MeshError("conflict", "path: the file was changed while it was read", {
        hint: "run it again",
      });
    }
    pieces.push(data);
    if (from < reply.bytes) continue;
    const { local } = reply;
    return { path, bytes: from, ...contentOf(pieces), ...(local === undefined ? {} : { local }) };
  }
};

/** Text where it is text. */
function contentOf(pieces: readonly Buffer[]) {
  const whole = Buffer.concat(pieces);
  try {
    const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(whole);
    if (!content.includes("\0")) return { encoding: "utf8", content } as const;
  } catch {
    // No text.
  }
  return { encoding: "base64", content: whole.toString("base64") } as const;
}
