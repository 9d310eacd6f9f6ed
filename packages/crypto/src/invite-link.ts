import { InviteCode, InviteId, MeshError, withoutTrailingSlashes } from "@claudemesh/protocol";
import { inviteSecret } from "./invite-code.ts";

/** What a person pasted: a bare code, or a link, which also names the broker's base URL and the invite. */
export interface ParsedInvite {
  readonly code: InviteCode;
  readonly url?: string;
  readonly invite?: InviteId;
}

/** Far above any link; what is longer costs more to read than it is worth. */
const mostCharacters = 8192;
const form = "https://<host>/i/<invite id>#<code>";
const versionOne = /^(ic:\/\/join\/|https?:\/\/[^#]*\/join\/[\w+/=.~%-]{40,})/i;

/** The link to hand to a joiner; the code stands in the fragment, which reaches no server. Throws `malformed` on a bad base URL or code. */
export function formatInviteLink(baseUrl: string, code: InviteCode): string {
  const base = parseUrl(baseUrl, "base URL");
  return `${withoutTrailingSlashes(base.origin + base.pathname)}/i/${inviteSecret(code).id}#${code}`;
}

/** Reads an invite link or a bare code. Throws `invite_v1_gone` on links of version 1, else `malformed` with what is wrong. */
export function parseInvite(text: string): ParsedInvite {
  if (text.length > mostCharacters) {
    throw new MeshError("malformed", `the invite has more than ${mostCharacters} characters`);
  }
  const trimmed = text.trim();
  if (trimmed === "") throw new MeshError("malformed", "the invite is empty");
  if (versionOne.test(trimmed)) {
    throw new MeshError("invite_v1_gone", "invites with the mesh's key in their URL are gone", {
      hint: `ask the inviter for a new link, of the form ${form}`,
    });
  }
  return trimmed.includes("/") ? parseLink(trimmed) : { code: parseCode(trimmed) };
}

function parseLink(text: string): ParsedInvite {
  const link = parseUrl(text, "invite link");
  const path = /^(.*)\/i\/([^/]+)\/?$/.exec(link.pathname);
  if (!path) throw new MeshError("malformed", `the invite link is not of the form ${form}`);
  const invite = InviteId.safeParse(path[2]);
  if (!invite.success) throw new MeshError("malformed", "the invite link has no valid invite id");
  if (link.hash.length < 2) {
    throw new MeshError("malformed", "the invite link has no code after its #", {
      hint: "copy the whole link, to its last character",
    });
  }
  const code = parseCode(link.hash.slice(1));
  if (inviteSecret(code).id !== invite.data) {
    throw new MeshError("malformed", "the id in the invite link does not fit its code", {
      hint: "copy the link again; a letter of it has changed",
    });
  }
  return { code, url: withoutTrailingSlashes(link.origin + path[1]), invite: invite.data };
}

function parseCode(text: string): InviteCode {
  if (/^[0-9A-Za-z]*$/.test(text) && text.length !== 16) {
    throw new MeshError("malformed", `an invite code has 16 characters, this one ${text.length}`);
  }
  const code = InviteCode.safeParse(text);
  if (code.success) return code.data;
  throw new MeshError("malformed", "an invite code has letters and digits only");
}

function parseUrl(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new MeshError("malformed", `the ${what} is not an http or https URL`);
}
