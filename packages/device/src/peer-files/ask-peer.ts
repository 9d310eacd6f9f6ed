import { hostname } from "node:os";
import {
  fromBase64,
  fromUtf8,
  jcs,
  sealTo,
  signPeerAsk,
  toBase64,
  utf8,
  verifyPeerAnswer,
} from "@claudemesh/crypto";
import { type ErrorCode, errorTable, type MemberId, MeshError, parse } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { PeerReply, type PeerRequest } from "./wire.ts";

type Found = Extract<PeerReply, { is: "piece" | "list" }>;

/** Asks a member's devices for something of its shared folder, end to end. Throws what they refuse, `not_found` where none is online or shares a folder, `timeout`. */
export async function askPeer(
  ctx: DeviceContext,
  row: MembershipRow,
  to: MemberId,
  wish: Pick<PeerRequest, "does" | "path" | "from">,
): Promise<Found> {
  const { mesh, member } = row;
  const roster = ctx.rosters.of(mesh);
  const [seal, sign] = [roster.sealKey(to), roster.members.get(to)?.keys.sign];
  if (seal === undefined || sign === undefined) {
    throw new MeshError("no_recipient", "peer: it is not in the mesh any more");
  }
  const request: PeerRequest = { v: 1, host: hostname(), ...wish };
  const id = toBase64(ctx.random(16));
  const ask = signPeerAsk(
    {
      ...{ mesh, id, to, from: member, at: ctx.now() },
      sealed: toBase64(sealTo(seal, utf8(jcs(request)), ctx.random)),
    },
    ctx.secretOf(row).signer,
  );
  const { answer } = await ctx.links.using(row, ({ client }) => client.peerfile.ask({ ask }));
  if (answer.id !== id || answer.mesh !== mesh || answer.from !== to || answer.to !== member) {
    throw new MeshError("bad_signature", "the broker gave the answer to another request");
  }
  if (answer.author !== sign) {
    throw new MeshError("bad_signature", "the answer is signed by another key");
  }
  verifyPeerAnswer(answer, sign);
  return found(ctx.secretOf(row).opener.open(fromBase64(answer.sealed, "sealed answer")));
}

function found(opened: Uint8Array): Found {
  const reply = parse(PeerReply, JSON.parse(fromUtf8(opened)), "answer");
  if (reply.is === "none") {
    throw new MeshError("not_found", "peer: it shares no folder", {
      hint: "it shares one with: claudemesh file peer-share <folder>",
    });
  }
  if (reply.is !== "refusal") return reply;
  const known: readonly ErrorCode[] = ["forbidden", "malformed", "not_found", "too_large"];
  const code = Object.hasOwn(errorTable, reply.code) ? (reply.code as ErrorCode) : "forbidden";
  throw new MeshError(
    known.includes(code) ? code : "forbidden",
    `the peer said: ${reply.message}`,
    {
      hint: "see what it shares: claudemesh file peer-list <peer>",
    },
  );
}
