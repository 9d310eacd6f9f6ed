import { z } from "zod";
import { At, bytes, bytesUpTo, Signature, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";

const RequestToken = bytes(16, "token of the request");

/** What a member asks of another's shared folder: sealed to the one asked, signed by the one who asks. The broker passes it on and reads nothing. */
export const PeerFileAsk = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    id: RequestToken,
    from: MemberId,
    to: MemberId,
    at: At,
    sealed: bytesUpTo(8 * 1024, "sealed request"),
    author: SignKey,
    sig: Signature,
  })
  .meta({ id: "PeerFileAsk" });
export type PeerFileAsk = z.infer<typeof PeerFileAsk>;

/** The answer, sealed to who asked and signed by who was asked; `none` says openly that this device shares no folder. */
export const PeerFileAnswer = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    id: RequestToken,
    from: MemberId.describe("who was asked"),
    to: MemberId.describe("who asked"),
    none: z.boolean(),
    sealed: bytesUpTo(Math.ceil(limits.peerFilePiece * 1.5) + 8 * 1024, "sealed answer"),
    author: SignKey,
    sig: Signature,
  })
  .meta({ id: "PeerFileAnswer" });
export type PeerFileAnswer = z.infer<typeof PeerFileAnswer>;
