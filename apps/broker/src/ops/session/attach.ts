import { fromBase64, toHex, verifyAttachProof, verifyAttestation } from "@claudemesh/crypto/verify";
import { type Attestation, MeshError } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";

/** Attaches a session of the caller's device to its connection, or renews it. The attestation is the member's signed word, the proof shows that the caller has the session's key. */
export const attach: Handler<"session.attach"> = async ({ attestation, proof, info }, ctx) => {
  const { actor, caller, sessions, store } = ctx;
  requireOwn(attestation, ctx);
  verifyAttachProof(proof, attestation, caller);
  const { session, notAfter } = attestation;
  const known = await store.read.session(actor.mesh, session);
  const owner = known?.attestation;
  // Before it is expected: a feed must not even see the ciphertexts that go to another's session.
  if (owner && (owner.member !== actor.member || owner.device !== actor.device)) {
    throw ctx.fail("conflict", "attestation.session: the id is another session's");
  }
  sessions.expect(actor, session);
  const at = ctx.now();
  const key = toHex(fromBase64(attestation.keys.sign, "attestation.keys.sign"));
  const attaches = await store.write.putSession({ mesh: actor.mesh, attestation, key, at });
  if (attaches === "taken") {
    throw ctx.fail("conflict", "attestation.session: the id is another session's");
  }
  if (ctx.signal.aborted) throw new MeshError("unavailable", "the connection has ended");
  // Its member may have been removed, or have revoked it, while it was stored.
  requireStanding(attestation, ctx);
  const wasKnown = known !== undefined;
  const { connection } = caller;
  const returned = sessions.attach({ actor, connection, attestation, attaches, info, wasKnown });
  return { session, attachedAt: at, notAfter, returned };
};

function requireOwn(attestation: Attestation, ctx: CallContext<"session.attach">): void {
  const { actor, roster } = ctx;
  const { mesh, member, device } = attestation;
  if (mesh !== actor.mesh || member !== actor.member || device !== actor.device) {
    throw ctx.fail("forbidden", "attestation: not of the connection's mesh, member and device");
  }
  const key = roster.members.get(member)?.keys.sign;
  if (key === undefined) throw ctx.fail("not_member", "attestation.member: not a member");
  verifyAttestation(attestation, key, ctx.now());
  requireStanding(attestation, ctx);
}

function requireStanding({ member, session }: Attestation, ctx: CallContext<"session.attach">) {
  const { roster } = ctx;
  if (!roster.isMember(member)) {
    throw ctx.fail("not_member", "attestation.member: not a member any more");
  }
  if (roster.isSessionRevoked(member, session)) {
    throw ctx.fail("revoked", "attestation.session: its member revoked it");
  }
}
