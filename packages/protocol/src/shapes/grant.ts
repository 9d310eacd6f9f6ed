import { z } from "zod";
import type { Audience } from "../audience.ts";
import { everyone, groupOf, topicOf } from "../audience-keys.ts";
import type { MemberId } from "../ids.ts";
import { Capability, capabilities, type Grants } from "../statements/grants.ts";
import type { Policy } from "./policy.ts";
import type { MemberRole } from "./role.ts";

const forAll: readonly Capability[] = ["read", "dm"];
const forMembers: readonly Capability[] = ["read", "dm", "broadcast", "state-read"];

/** What holds for a peer of this role of whom nothing was said: by the mesh's policy, of which a guest has what guests may have, or else by its role alone. */
export function meshDefaults(
  { defaultGrants }: Pick<Policy, "defaultGrants">,
  role: MemberRole | undefined,
): readonly Capability[] {
  const isGuest = role === undefined || role === "guest";
  if (defaultGrants === undefined) return isGuest ? forAll : forMembers;
  return isGuest ? defaultGrants.filter((one) => forAll.includes(one)) : defaultGrants;
}

/** What a peer may do to the member whose word `grants` is. */
export const capabilitiesOf = (
  grants: Pick<Grants, "defaults" | "rules"> | undefined,
  peer: MemberId,
  role: MemberRole | undefined,
  policy: Pick<Policy, "defaultGrants">,
): readonly Capability[] =>
  grants?.rules.find(({ member }) => member === peer)?.capabilities ??
  grants?.defaults ??
  meshDefaults(policy, role);

/** Whether a message to this audience may reach someone who allows its sender this much. A topic's readers chose it; only a block hides posts there. */
export function mayReach(allowed: readonly Capability[], to: Audience): boolean {
  if (topicOf(to) !== undefined) return allowed.length > 0;
  const isShared = to === everyone || groupOf(to) !== undefined;
  return allowed.includes(isShared ? "broadcast" : "dm");
}

/** Capabilities as people type them: apart by spaces or commas, or `none`. The format says that length alone does not decide. */
export const CapabilityList = z
  .string()
  .max(200)
  .meta({ format: "capabilities" })
  .transform((text, context): Capability[] => {
    const words = text.split(/[\s,]+/).filter((word) => word !== "" && word !== "none");
    const unknown = words.find((word) => !Capability.safeParse(word).success);
    if (unknown !== undefined) {
      context.addIssue(`there is no ${unknown}; known: ${capabilities.join(", ")}`);
      return z.NEVER;
    }
    return capabilities.filter((one) => words.includes(one));
  });
