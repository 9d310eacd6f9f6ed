import {
  fromBase64,
  Opener,
  type RandomSource,
  Signer,
  signAttestation,
  toBase64,
} from "@claudemesh/crypto";
import { Attestation, limits, parse } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { type SessionRow, setAttestation } from "../store/session-rows.ts";

/** An attestation with less than this to go is renewed. */
const renewMs = limits.attestationMs / 4;

/** Draws the two secrets of a session, as they are stored. */
export const drawSecrets = (random: RandomSource) => ({
  sign_secret: toBase64(random(32)),
  seal_secret: toBase64(random(32)),
});

/** The keys of a session; undefined once it has ended. */
export function keysOf({ sign_secret: sign, seal_secret: seal }: SessionRow) {
  if (sign === null || seal === null) return undefined;
  return {
    signer: new Signer(fromBase64(sign, "session key")),
    opener: new Opener(fromBase64(seal, "session key")),
  };
}

/** The attestation that this home made for a session; undefined before the first. */
export const attestationOf = ({ attestation }: SessionRow): Attestation | undefined =>
  attestation === null ? undefined : parse(Attestation, JSON.parse(attestation), "attestation");

/** Whether a session's attestation is missing, or over before long. */
export const isRenewalDue = (row: SessionRow, at: number): boolean =>
  (attestationOf(row)?.notAfter ?? 0) - at < renewMs;

/** The session's attestation, made anew where it is due. `at` is the time by the broker's clock. Undefined once it has ended. */
export function attested(
  ctx: DeviceContext,
  row: MembershipRow,
  session: SessionRow,
  at: number,
): Attestation | undefined {
  const keys = keysOf(session);
  if (keys === undefined) return undefined;
  const known = attestationOf(session);
  if (known !== undefined && !isRenewalDue(session, at)) return known;
  const made = signAttestation(
    {
      mesh: row.mesh,
      member: row.member,
      device: row.device,
      session: session.session,
      keys: { sign: keys.signer.key, seal: keys.opener.key },
      at,
      notAfter: at + limits.attestationMs,
    },
    ctx.secretOf(row).signer,
  );
  ctx.store.write(() => setAttestation(ctx.store, session, JSON.stringify(made)));
  return made;
}
