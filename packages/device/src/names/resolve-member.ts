import { type MemberId, MeshError } from "@claudemesh/protocol";
import type { NamedMember } from "./member-names.ts";
import { resolveRecipient } from "./resolve-recipient.ts";

const nobody = "" as MemberId;

/** Which member is meant, oneself included, by what names a recipient too. Throws `no_recipient`, `ambiguous`, naming the field `member`. */
export function resolveMember(text: string, members: readonly NamedMember[]): NamedMember {
  try {
    return resolveRecipient(text, members, nobody);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new MeshError(error.code, error.message.replace(/^to: /, "member: "), {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    });
  }
}
