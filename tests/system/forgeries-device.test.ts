import { test } from "node:test";
import {
  envelopeDigest,
  fromBase64,
  newReceiptId,
  signReceipt,
  signStatement,
  systemRandom,
} from "@claudemesh/crypto";
import {
  asSealed,
  ciphertextOf,
  type Envelope,
  type Hash,
  type MemberId,
  type MessageId,
  type Profile,
  type RosterEntry,
  type RosterHead,
} from "@claudemesh/protocol";
import { domains } from "../../packages/crypto/src/domain.ts";
import { headerText, signEnvelope } from "../../packages/crypto/src/envelope.ts";
import { syncRoster } from "../../packages/device/src/mesh-link/sync-roster.ts";
import { rosterEntries } from "../../packages/device/src/store/roster-entries.ts";
import { Ground } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { Lies } from "./lies.ts";

const otherHash = "cd".repeat(32) as Hash;
const changed = <T extends string>(text: T): T =>
  `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}` as T;

test("a device refuses each forged statement of a lying broker in words of its own", async (t) => {
  await using ground = await Ground.start();
  const devices = await ground.mesh("alice", "bob", "carol");
  for (const device of devices) await device.api.member.list({});
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  using carol = new Inside(ground, "carol");
  const lies = new Lies();
  const given = (lie: string, code: string, body: unknown) =>
    lies.noticed(lie, code, bob, () => bob.take("message", body));

  const good = alice.seal(bob);
  const tampered = "envelope forged, or altered in header, ciphertext or signature";
  const from = { member: alice.member, device: alice.row.device };
  await given(tampered, "bad_signature", carol.seal(bob, { from }));
  await given(tampered, "bad_signature", { ...good, header: { ...good.header, priority: "now" } });
  const sealed = ciphertextOf(good.body);
  await given(tampered, "bad_signature", { ...good, body: asSealed(changed(sealed)) });
  await given(tampered, "bad_signature", { ...good, sig: changed(good.sig) });
  const own = { ...carol.seal(bob).header, createdAt: good.header.createdAt };
  const { signer } = carol.secret;
  const stolen = signEnvelope(own, headerText(own), fromBase64(sealed, "body"), signer);
  await given("another's ciphertext signed again", "bad_signature", stolen);
  const stranger = { member: `mbr_${"ab".repeat(32)}` as MemberId, device: alice.row.device };
  await given(
    "envelope of one who is no member",
    "not_member",
    alice.seal(bob, { from: stranger }),
  );
  await given("envelope for someone else", "forbidden", alice.seal(carol));
  const far = { ...good, header: { ...good.header, mesh: `mesh_${"ab".repeat(32)}` } };
  await given("envelope of another mesh", "forbidden", far);
  await given("something that is no envelope", "malformed", { garbage: true });
  const { head } = bob.ctx.rosters.of(bob.row.mesh);
  const forked = alice.seal(bob, { head: { ...head, hash: otherHash } });
  await given("envelope under another roster", "roster_fork", forked);
  await bob.take("message", good);
  await bob.take("message", good);
  const { id } = good.header;
  await given(
    "another envelope with an id that is taken",
    "conflict",
    alice.seal(bob, { id, n: 2 }),
  );

  const sent = await devices[0]?.api.message.send({ to: "bob", text: "x" });
  const item = sent?.id as MessageId;
  const row = alice.ctx.store.get<{ envelope: string }>(
    "SELECT envelope FROM outbox WHERE id = ?",
    item,
  );
  const digest = envelopeDigest(JSON.parse(row?.envelope ?? "") as Envelope);
  const receipt = (by: Inside, to: MemberId, what: Hash) =>
    signReceipt(
      {
        id: newReceiptId(Date.now, systemRandom),
        mesh: by.row.mesh,
        member: by.member,
        device: by.row.device,
        to,
        state: "stored",
        items: [{ id: item, digest: what }],
        head: by.ctx.rosters.of(by.row.mesh).head,
        at: Date.now(),
      },
      by.secret.signer,
    );
  const receipted = (lie: string, body: unknown) =>
    lies.noticed(lie, "receipt_refused", alice, () => alice.take("receipt", body));
  await receipted("receipt by one who is not the recipient", receipt(carol, alice.member, digest));
  await receipted("receipt for another envelope", receipt(bob, alice.member, otherHash));
  const posed = { ...receipt(carol, alice.member, digest), member: bob.member };
  const strangers = receipt(carol, alice.member, digest);
  await receipted("receipt in the recipient's name", posed);
  await receipted("receipt for someone else", receipt(bob, carol.member, digest));
  await receipted("receipt by one who is no member", { ...strangers, member: stranger.member });

  const text = bob.ctx.store.get<{ body: string }>(
    "SELECT body FROM profile WHERE member = ?",
    alice.member,
  );
  const profile = JSON.parse(text?.body ?? "") as Profile;
  const renamed = { ...profile, version: 9, fields: { displayName: "mallory" } };
  await lies.noticed("profile that its member did not sign", "bad_signature", bob, () =>
    bob.take("profile", renamed),
  );
  await lies.noticed("profile of one who is no member", "not_member", bob, () =>
    bob.take("profile", { ...profile, member: stranger.member }),
  );
  await lies.noticed("profile of another mesh", "forbidden", bob, () =>
    bob.take("profile", { ...profile, mesh: `mesh_${"ab".repeat(32)}` }),
  );

  const { rosters } = bob.ctx;
  const { mesh } = bob.row;
  const giving = (items: RosterEntry[], claimed: RosterHead) => () =>
    syncRoster(
      rosters,
      mesh,
      { roster: { list: async () => ({ items, head: claimed }) } },
      claimed,
    );
  const before = rosters.of(mesh).hashAt(head.seq - 1) ?? otherHash;
  const shorter = { seq: head.seq - 1, hash: before };
  await lies.refused("roster rolled back", "log_mismatch", giving([], shorter));
  const beyond = { seq: head.seq + 1, hash: otherHash };
  await lies.refused("roster cut short", "log_mismatch", giving([], beyond));
  await lies.refused(
    "roster forked at a known place",
    "roster_fork",
    giving([], { ...head, hash: otherHash }),
  );
  await devices[0]?.api.mesh.settings({ retentionDays: 9 });
  const [entry] = rosterEntries(alice.ctx.store, mesh, head.seq);
  if (entry === undefined) throw new Error("alice has no new entry");
  await lies.refused(
    "roster entry with a forged signature",
    "bad_signature",
    giving([{ ...entry, sig: changed(entry.sig) }], beyond),
  );
  const last = rosterEntries(alice.ctx.store, mesh, head.seq - 2)[0];
  if (last === undefined) throw new Error("alice has no entries");
  const { sig: _sig, ...unsigned } = { ...last, at: last.at + 1 };
  const rival = signStatement(domains.roster, unsigned, alice.secret.signer) as RosterEntry;
  await lies.refused("roster entry in another's place", "roster_fork", giving([rival], beyond));
  for (const line of lies.table()) t.diagnostic(line);
});
