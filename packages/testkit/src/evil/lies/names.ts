import type { Profile } from "@claudemesh/protocol";
import type { Fields } from "../evil-line.ts";
import { type Lie, type LieFamily, notice } from "../lie.ts";
import { listing, message } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { only, onReply } from "../tricks.ts";
import { invent } from "./phrases.ts";

type Listed = { readonly items: readonly Fields[] };

const listingTo =
  (op: string, change: (items: readonly Fields[], stage: Stage) => readonly Fields[]) =>
  (stage: Stage): void => {
    const edit = onReply<Listed>(op, (said) => ({ ...said, items: change(said.items, stage) }));
    stage.broker.lie(only(stage.bob.member, edit));
  };

const strangerId = `mbr_${"cd".repeat(32)}`;

const profileTo =
  (make: (stage: Stage) => unknown | Promise<unknown>) =>
  async (stage: Stage): Promise<void> => {
    const profile = await make(stage);
    invent(stage, stage.bob.member, "profile", () => profile);
  };

const profileRefused = (code: string, why: string) =>
  notice(code, `a profile from the broker was refused: ${why}`);

const lies: readonly Lie[] = [
  {
    id: "ghost-in-list",
    threat: "B9, T7",
    says: "lists a member who is not in the chain",
    scene: listing,
    begin: listingTo("member.list", (items) => [
      ...items,
      { member: strangerId, online: true, connections: 1, lastSeenAt: 1 },
    ]),
    told: [],
  },
  {
    id: "member-left-out",
    threat: "B9, T7",
    says: "leaves a member out of the list",
    scene: listing,
    begin: listingTo("member.list", (items, { carol }) =>
      items.filter(({ member }) => member !== carol.member),
    ),
    told: [],
    remark: "members come from the verified chain; presence is the broker's word",
  },
  {
    id: "ghost-peer",
    threat: "B8, T7",
    says: "lists a connection of someone who is not in the chain",
    scene: listing,
    begin: listingTo("peer.list", (items) => [
      ...items,
      { member: strangerId, type: "ai", connectedAt: 1 },
    ]),
    told: [],
  },
  {
    id: "forged-profile",
    threat: "B15, T2",
    says: "renames alice",
    scene: message,
    begin: profileTo(({ broker, alice }) => {
      const profile = broker.profileOf(alice.member);
      return { ...profile, version: 9, fields: { displayName: "boss" } };
    }),
    told: [profileRefused("bad_signature", "the signature of the profile does not verify")],
  },
  {
    id: "profile-by-accomplice",
    threat: "C1, T15",
    says: "has its accomplice write alice's profile",
    scene: message,
    begin: profileTo(({ mallory, alice }) =>
      mallory.profile("boss", { member: alice.member, version: 10 }),
    ),
    told: [profileRefused("bad_signature", "author: the profile is signed by another key")],
  },
  {
    id: "profile-of-another-mesh",
    threat: "B6, T5",
    says: "gives a profile of another mesh",
    scene: message,
    begin: profileTo(async (stage) => (await stage.second()).mallory.profile("mallory")),
    told: [profileRefused("forbidden", "the profile is of another mesh")],
  },
  {
    id: "profile-of-nobody",
    threat: "B9, T7",
    says: "gives a profile of someone who is no member",
    scene: message,
    begin: profileTo(({ mallory }) =>
      mallory.profile("ghost", { member: strangerId as Profile["member"] }),
    ),
    told: [profileRefused("not_member", "the profile is of no member")],
  },
  {
    id: "older-profile",
    threat: "B10, T8",
    says: "gives an older profile again",
    scene: message,
    begin: profileTo(async ({ alice, broker, mesh }) => {
      const old = broker.profileOf(alice.member);
      await alice.api.member.update({ mesh, roleTag: "reviewer" });
      return old;
    }),
    told: [],
  },
];

export const names: LieFamily = { title: "Names and presence", lies };
