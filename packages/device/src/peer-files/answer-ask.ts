import { hostname } from "node:os";
import {
  fromBase64,
  fromUtf8,
  jcs,
  sealTo,
  signPeerAnswer,
  toBase64,
  utf8,
  verifyPeerAsk,
} from "@claudemesh/crypto";
import { limits, MeshError, type MeshId, type PeerFileAsk, parse } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { sharedFolder } from "../store/shared-folder-rows.ts";
import { allowedTo } from "../trust/keep-grants.ts";
import { listShared, readShared } from "./read-shared.ts";
import { type PeerReply, PeerRequest } from "./wire.ts";

/** requests that are answered at a time; more are let go, and whoever asked hears that nobody answered */
const mostAtOnce = 8;
let atOnce = 0;

/** Answers what a peer asks of the folder that this home shares in a mesh, if the peer may ask. A request that does not verify is not answered at all. */
export async function answerAsk(ctx: DeviceContext, mesh: MeshId, ask: PeerFileAsk): Promise<void> {
  const row = getMembership(ctx.store, mesh);
  if (row === undefined || atOnce >= mostAtOnce) return;
  atOnce += 1;
  try {
    requireAsk(ctx, row, ask);
    const reply = await replyTo(ctx, row, ask);
    const to = ctx.rosters.of(mesh).sealKey(ask.from);
    if (to === undefined) return;
    const answer = signPeerAnswer(
      {
        ...{ mesh, id: ask.id, from: row.member, to: ask.from, none: reply.is === "none" },
        sealed: toBase64(sealTo(to, utf8(jcs(reply)), ctx.random)),
      },
      ctx.secretOf(row).signer,
    );
    await ctx.links.using(row, ({ client }) => client.peerfile.answer({ answer }));
  } catch (error) {
    ctx.log("warn", `a request for a file of this home was not answered: ${String(error)}`);
  } finally {
    atOnce -= 1;
  }
}

/** Throws unless a member of today has just signed it, to this member. */
function requireAsk(ctx: DeviceContext, { mesh, member }: MembershipRow, ask: PeerFileAsk): void {
  const roster = ctx.rosters.of(mesh);
  const key = roster.isMember(ask.from) ? roster.members.get(ask.from)?.keys.sign : undefined;
  if (ask.mesh !== mesh || ask.to !== member || key === undefined || key !== ask.author) {
    throw new MeshError("forbidden", "the request is by no member, or for another");
  }
  verifyPeerAsk(ask, key);
  // Both clocks may be off by as much as a hello allows.
  if (Math.abs(ask.at - ctx.now()) > 2 * limits.clockSkewMs) {
    throw new MeshError("clock_skew", "the request is of another time");
  }
}

async function replyTo(
  ctx: DeviceContext,
  row: MembershipRow,
  ask: PeerFileAsk,
): Promise<PeerReply> {
  const folder = sharedFolder(ctx.store, row.mesh);
  if (folder === undefined) return { is: "none" };
  if (ask.from !== row.member && !allowedTo(ctx, row, ask.from).includes("file-read")) {
    return {
      is: "refusal",
      code: "forbidden",
      message: "the peer does not let you read its files",
    };
  }
  try {
    const opened = ctx.secretOf(row).opener.open(fromBase64(ask.sealed, "sealed request"));
    const request = parse(PeerRequest, JSON.parse(fromUtf8(opened)), "request");
    const root = { path: folder.path, dotfiles: folder.dotfiles === 1 };
    const isHere = request.host === hostname();
    if (request.does === "list") {
      const { real, ...found } = await listShared(root, request.path);
      return { is: "list", ...found, ...(isHere ? { local: real } : {}) };
    }
    const { data, real, ...found } = await readShared(root, request.path, request.from);
    const local = isHere ? { local: real } : {};
    return { is: "piece", ...found, ...local, data: data.toString("base64") };
  } catch (error) {
    if (error instanceof MeshError) {
      return { is: "refusal", code: error.code, message: error.message };
    }
    ctx.log("warn", `a shared folder could not be read: ${String(error)}`);
    return { is: "refusal", code: "forbidden", message: "path: it cannot be read" };
  }
}
