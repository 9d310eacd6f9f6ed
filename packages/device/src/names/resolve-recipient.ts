import { type MemberId, MeshError } from "@claudemesh/protocol";
import { didYouMean } from "./edit-distance.ts";
import type { NamedMember } from "./member-names.ts";
import { foldName } from "./skeleton.ts";

const hexPrefix = /^[0-9a-f]{8,64}$/;

/**
 * Who is meant by `to`: an alias of this home's, a display name (case aside), a member id, or a prefix of 8 or more hex digits of the signing key or member id. Names are their
 * bearers' choice, so a name that reads like another's digits or shown name makes `to` ambiguous; a whole member id or key never is.
 * Throws `no_recipient` listing who is known, `ambiguous` listing each candidate with its key, `malformed` for oneself.
 */
export function resolveRecipient(
  to: string,
  members: readonly NamedMember[],
  self: MemberId,
): NamedMember {
  const found = candidates(to.trim(), members);
  const current = found.filter((member) => member.current);
  if (current.length > 1) throw ambiguous(to, current);
  const [one] = current;
  if (one === undefined) throw unknown(to, members, found[0], self);
  if (one.id === self) {
    throw new MeshError("malformed", "to: that is you; a message goes to someone else", {
      detail: { field: "to" },
    });
  }
  return one;
}

function candidates(to: string, members: readonly NamedMember[]): NamedMember[] {
  const typed = foldName(to);
  const whole = members.filter(({ id, keyHex }) => id === typed || keyHex === typed);
  if (whole.length > 0) return whole;
  // A name that this home gave counts before what others call themselves: nobody can take it.
  const given = members.filter(({ aliases }) => aliases?.includes(typed));
  if (given.length > 0) return given;
  return members.filter(
    (member) =>
      foldName(member.name) === typed ||
      (member.displayName !== undefined && foldName(member.displayName) === typed) ||
      isKeyedBy(typed, member),
  );
}

function isKeyedBy(typed: string, { id, keyHex }: NamedMember): boolean {
  const hex = typed.replace(/^mbr_/, "");
  if (!hexPrefix.test(hex)) return false;
  return id.slice(4).startsWith(hex) || (hex === typed && keyHex.startsWith(hex));
}

function ambiguous(to: string, found: readonly NamedMember[]): MeshError {
  const list = found.map(({ name, keyHex }) => `${name} ${keyHex.slice(0, 16)}`);
  return new MeshError("ambiguous", `to: ${to} fits ${found.length} members: ${list.join(", ")}`, {
    hint: "name one by the first 8 or more digits of its key, or by its whole member id",
    detail: {
      candidates: found.map(({ id, name, keyHex }) => ({
        member: id,
        name,
        key: keyHex.slice(0, 16),
      })),
    },
  });
}

function unknown(
  to: string,
  members: readonly NamedMember[],
  gone: NamedMember | undefined,
  self: MemberId,
): MeshError {
  const known = members.filter(({ id, current }) => current && id !== self).map(({ name }) => name);
  const near = didYouMean(to, known);
  const why =
    gone === undefined ? `there is no ${to} in the mesh` : `${gone.name} has left the mesh`;
  const who =
    known.length === 0 ? "you are its only member" : `known: ${known.slice(0, 20).join(", ")}`;
  return new MeshError("no_recipient", `to: ${why}; ${who}`, {
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    detail: { known: known.slice(0, 100), ...(near === undefined ? {} : { didYouMean: near }) },
  });
}
