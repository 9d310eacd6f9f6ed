import { domains } from "../domain.ts";
import { fromBase64, toBase64, toHex, utf8 } from "../encoding.ts";
import { hkdf } from "../hkdf.ts";
import { createInviteCode, inviteSecret } from "../invite-code.ts";
import { formatInviteLink } from "../invite-link.ts";
import { jcs } from "../jcs.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { inviterHeadBlob, welcomeBlob } from "../testing/statements.ts";

const salt = domains.inviteCode;
const derived = (info: string) =>
  toHex(hkdf({ secret: utf8(at.code), salt: utf8(salt), info: utf8(info) }));

export function inviteCodeVectors() {
  const { id, key } = inviteSecret(at.code);
  const link = formatInviteLink("https://mesh.example", at.code);
  const other = createInviteCode(seededRandom("other code"));
  const gone = { error: "invite_v1_gone" };
  const bad = { error: "malformed" };
  return {
    format: "invite-code",
    salt,
    cases: [
      {
        ...{ name: "code", randomHex: toHex(seededRandom("invite code")(16)), code: at.code },
        ...{ signSeedHex: derived("sign"), welcomeKeyHex: derived("seal"), key, invite: id, link },
      },
    ],
    accepted: [
      { name: "link", text: link, code: at.code, url: "https://mesh.example", invite: id },
      {
        name: "spaces around",
        text: ` ${link}\n`,
        code: at.code,
        url: "https://mesh.example",
        invite: id,
      },
      {
        ...{ name: "broker below a path", text: link.replace("/i/", "/team/i/"), code: at.code },
        ...{ url: "https://mesh.example/team", invite: id },
      },
      { name: "bare code", text: at.code, code: at.code },
    ],
    failures: [
      { name: "nothing", text: " ", ...bad },
      { name: "no fragment", text: link.slice(0, link.indexOf("#")), ...bad },
      { name: "empty fragment", text: link.slice(0, link.indexOf("#") + 1), ...bad },
      { name: "code cut off", text: link.slice(0, -1), ...bad },
      { name: "bare code cut off", text: at.code.slice(1), ...bad },
      { name: "a sign in the code", text: `${at.code.slice(1)}-`, ...bad },
      { name: "code of another invite", text: link.replace(at.code, other), ...bad },
      { name: "no invite id", text: `https://mesh.example/i/abc#${at.code}`, ...bad },
      { name: "another path", text: `https://mesh.example/docs#${at.code}`, ...bad },
      { name: "another scheme", text: link.replace("https:", "ftp:"), ...bad },
      { name: "version 1 scheme", text: "ic://join/eyJrIjoiYSJ9", ...gone },
      {
        name: "version 1 link",
        text: `https://mesh.example/join/${toBase64(utf8("x".repeat(60)))}`,
        ...gone,
      },
      {
        name: "version 1 link with a locale",
        text: `https://mesh.example/en/join/${"Ab9_".repeat(20)}`,
        ...gone,
      },
    ],
  };
}

export function welcomeVectors() {
  const { id } = inviteSecret(at.code);
  const blob = welcomeBlob();
  const other = createInviteCode(seededRandom("other code"));
  const { code, mesh } = at;
  const cut = toBase64(fromBase64(blob).subarray(0, -1));
  return {
    format: "welcome",
    cases: [
      {
        ...{ name: "two epochs", code, mesh, keyHex: derived("seal") },
        nonceHex: toHex(seededRandom("welcome")(24)),
        associatedText: `${domains.welcome}\n${jcs({ mesh, invite: id })}`,
        ...{ plaintext: jcs(at.welcome()), welcome: at.welcome(), blob },
      },
    ],
    failures: [
      { name: "another mesh", code, mesh: at.otherMesh, blob, error: "bad_signature" },
      { name: "another invite", code: other, mesh, blob, error: "bad_signature" },
      { name: "cut off", code, mesh, blob: cut, error: "bad_signature" },
      { name: "shorter than a nonce", code, mesh, blob: "AAAA", error: "bad_signature" },
      { name: "not base64url", code, mesh, blob: "A", error: "malformed" },
    ],
  };
}

export function inviterHeadVectors() {
  const { id } = inviteSecret(at.code);
  const blob = inviterHeadBlob();
  const other = createInviteCode(seededRandom("other code"));
  const { code, mesh } = at;
  return {
    format: "inviter-head",
    cases: [
      {
        ...{ name: "a head", code, mesh, keyHex: derived("head") },
        nonceHex: toHex(seededRandom("inviter head")(24)),
        associatedText: `${domains.inviterHead}\n${jcs({ mesh, invite: id })}`,
        ...{ plaintext: jcs(at.inviterHead()), inviterHead: at.inviterHead(), blob },
      },
    ],
    failures: [
      { name: "another mesh", code, mesh: at.otherMesh, blob, error: "bad_signature" },
      { name: "another invite", code: other, mesh, blob, error: "bad_signature" },
      { name: "a welcome", code, mesh, blob: welcomeBlob(), error: "bad_signature" },
      { name: "shorter than a nonce", code, mesh, blob: "AAAA", error: "bad_signature" },
      { name: "not base64url", code, mesh, blob: "A", error: "malformed" },
    ],
  };
}
