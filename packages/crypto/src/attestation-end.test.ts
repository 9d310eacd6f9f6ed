import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attestation } from "@claudemesh/protocol";
import { attestationEnd, requireAttested, signAttestation } from "./attestation.ts";
import { person } from "./roster/fixture.ts";
import { memberOf, moment } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { ann, bob, Room } from "./testing/room.ts";

const { device, session } = memberOf("bob");

function attested(room: Room, by = bob): Attestation {
  const { mesh } = room.roster;
  const { keys } = memberOf("bob's session");
  const life = { at: moment, notAfter: moment + 1000 };
  const fields = { mesh, member: room.id(bob), device, session, keys, ...life };
  return signAttestation(fields, by.signer);
}

test("an attestation stands until its session is revoked, its member removed, or the keys replaced", () => {
  const ends = {
    session_revoked: (room: Room) => room.chain.add(bob, "session_revoke", { session }),
    not_member: (room: Room) => room.chain.remove(ann, bob),
    rekeyed: (room: Room) => room.chain.rekey(ann, bob, person(40)),
  };
  const codes = { session_revoked: "revoked", not_member: "not_member", rekeyed: "bad_signature" };
  for (const [end, act] of Object.entries(ends)) {
    const room = new Room();
    const attestation = attested(room);
    assert.equal(attestationEnd(attestation, room.roster), undefined);
    requireAttested(attestation, room.roster, moment);
    act(room);
    assert.equal(attestationEnd(attestation, room.roster), end);
    const code = codes[end as keyof typeof codes] as "revoked";
    mustFail(code, () => requireAttested(attestation, room.roster, moment), end);
  }
});

test("a session attested again after a rekey stands, unless it was revoked", () => {
  const room = new Room();
  const fresh = person(40);
  room.chain.rekey(bob, bob, fresh);
  const again = attested(room, fresh);
  assert.equal(attestationEnd(again, room.roster), undefined);
  mustFail("expired", () => requireAttested(again, room.roster, moment + 1000));
  room.chain.add(fresh, "session_revoke", { session });
  assert.equal(attestationEnd(again, room.roster), "session_revoked");
});
