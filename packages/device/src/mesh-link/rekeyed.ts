import { MeshError } from "@claudemesh/protocol";
import type { MembershipRow } from "../store/memberships.ts";

/** Whether the broker refused a hello since the member has other keys by now. */
export const isRekeyed = (error: unknown): error is MeshError =>
  error instanceof MeshError && error.detail?.reason === "rekeyed";

/** Says what one does whose keys were replaced from another device. */
export const explainRekeyed = (error: MeshError, { slug }: MembershipRow): MeshError =>
  new MeshError(
    "revoked",
    `your keys in ${slug} were replaced from another device: this one does not act as you any more`,
    {
      hint: "to go on with this device, link it again: claudemesh device link, in an empty home",
      detail: { reason: "rekeyed" },
      cause: error,
    },
  );
