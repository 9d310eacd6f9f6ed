import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { askPeer } from "../../peer-files/ask-peer.ts";
import { askedMesh } from "../target-mesh.ts";
import { peerNamed } from "./peer-named.ts";

/** What lies in a folder that a peer shares. */
export const list: DeviceHandler<"peerfile.list"> = async ({ mesh, peer, path }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const to = await peerNamed(ctx, row, peer);
  const reply = await askPeer(ctx, row, to, { does: "list", path, from: 0 });
  if (reply.is !== "list") throw new MeshError("bad_signature", "the peer answered another thing");
  const { items, local, more } = reply;
  return { path, items, more, ...(local === undefined ? {} : { local }) };
};
