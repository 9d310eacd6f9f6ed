import { limits, MeshError, PROTOCOL_VERSION, type WelcomeFrame } from "@claudemesh/protocol";

/**
 * A broker that took a hello agrees with its protocol version and, up to the skew that a hello may have and the time that the answer may take, with its
 * time. Throws `upgrade_required`, `clock_skew`.
 */
export function requireSameTerms({ protocol, time }: WelcomeFrame, now: number): void {
  if (protocol !== PROTOCOL_VERSION) {
    throw new MeshError(
      "upgrade_required",
      `the broker took a hello in protocol version ${PROTOCOL_VERSION} and answers in ${protocol}`,
    );
  }
  if (Math.abs(time - now) <= 2 * limits.clockSkewMs) return;
  throw new MeshError("clock_skew", "the broker's time is not the one at which it took the hello", {
    detail: { serverTime: time },
  });
}
