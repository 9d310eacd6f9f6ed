import type { ParsedInvite } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { listMemberships } from "../../store/memberships.ts";
import { brokerUrl } from "../broker-url.ts";

/** The broker to ask about an invite: the one named, the link's, the default, or the only one that this home knows. Throws `malformed` for a bare code that leaves it open. */
export function inviteBroker(
  ctx: DeviceContext,
  parsed: ParsedInvite,
  named: string | undefined,
): string {
  const url = named ?? parsed.url ?? ctx.defaultBroker ?? onlyBroker(ctx);
  if (url !== undefined) return brokerUrl(url);
  throw new MeshError("malformed", "broker: a bare code does not say where it is good", {
    hint: "use the whole link, or name the broker with --broker <url>",
    detail: { field: "broker" },
  });
}

function onlyBroker(ctx: DeviceContext): string | undefined {
  const known = new Set(listMemberships(ctx.store).map(({ broker }) => broker));
  return known.size === 1 ? [...known][0] : undefined;
}
