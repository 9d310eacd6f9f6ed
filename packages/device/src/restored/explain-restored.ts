import { MeshError, type WelcomeFrame } from "@claudemesh/protocol";
import type { MembershipRow } from "../store/memberships.ts";

interface Head {
  readonly seq?: unknown;
  readonly hash?: unknown;
}

/** Makes what a restored broker's roster contradicts say both heads, and how its person goes on; any other error comes back as it is. */
export function explainRestored(
  error: unknown,
  { slug }: MembershipRow,
  { restored, roster }: WelcomeFrame,
): unknown {
  if (restored?.confirmed !== true || !(error instanceof MeshError)) return error;
  if (error.code !== "roster_fork" && error.code !== "log_mismatch") return error;
  const { known, verified } = (error.detail ?? {}) as { known?: Head; verified?: Head };
  const mine = known ?? verified;
  return new MeshError(
    error.code,
    `the broker of ${slug} was restored, and an owner has confirmed another roster than the one known here: theirs ends at entry ${shown(roster)}; here entry ${shown(mine)} was verified`,
    {
      hint: `ask an owner whether that is so; to go on from the confirmed roster: claudemesh mesh accept ${slug}`,
      detail: { ...error.detail, reason: "restored", confirmed: roster },
      cause: error,
    },
  );
}

const shown = (head: Head | undefined): string =>
  `${head?.seq ?? "?"} (${String(head?.hash ?? "").slice(0, 16)})`;
