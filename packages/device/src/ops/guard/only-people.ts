import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";

/** Throws `forbidden` when an agent calls: what guards agents is not theirs to lift. */
export function requirePerson({ agentSession }: DeviceContext, what: string): void {
  if (agentSession === undefined) return;
  throw new MeshError("forbidden", `only a person may ${what}, outside of an agent's session`, {
    hint: "ask your user to run it in a terminal of their own",
  });
}
