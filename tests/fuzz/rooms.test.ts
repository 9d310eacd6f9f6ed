import {
  coversAll,
  KeyRing,
  Opener,
  openKeyBundleRow,
  parseEntry,
  Roster,
  ready,
  receiveEnvelope,
} from "@claudemesh/crypto";
import type { MemberId, RosterEntry } from "@claudemesh/protocol";
import { seedOf } from "../../packages/crypto/src/roster/fixture.ts";
import { fuzz } from "./hunt.ts";
import { jsonLike, valuesLike } from "./inputs.ts";
import { vectors } from "./vectors.ts";

await ready();

/** The chain that the vectors of rooms stand on. */
interface OnChain {
  readonly chain: readonly RosterEntry[];
}

function rosterOf({ chain }: OnChain): Roster {
  const [genesis, ...rest] = chain.map(parseEntry) as [RosterEntry, ...RosterEntry[]];
  const roster = Roster.fromGenesis(genesis);
  roster.append(rest);
  return roster;
}

const bundle = vectors<
  OnChain & { recipient: MemberId; cases: { row: unknown }[]; failures: { row: unknown }[] }
>("key-bundle");
const rows = [...bundle.cases, ...bundle.failures].map(({ row }) => row);
const roster = rosterOf(bundle);
const reader = { roster, member: bundle.recipient, opener: new Opener(seedOf(1)) };
const epoch = bundle.chain.find(({ type }) => type === "epoch") as RosterEntry;

fuzz({
  name: "the key bundle row",
  inputs: valuesLike(rows),
  parse: (value) => openKeyBundleRow(value, reader),
});

fuzz({
  name: "the key bundle, as the broker reads it",
  inputs: valuesLike(rows),
  parse: (value) => coversAll([value], roster, epoch),
});

const rings = vectors<OnChain & { cases: { ring: string }[] }>("key-ring");
const ringChain = rosterOf(rings);
fuzz({
  name: "the stored key ring",
  inputs: jsonLike(rings.cases.map(({ ring }) => JSON.parse(ring))),
  parse: (text) => KeyRing.parse(Buffer.from(text).toString(), ringChain),
});

const shared = vectors<
  OnChain & {
    receiver: { member: MemberId; ring: string };
    cases: { envelope: unknown }[];
    failures: { envelope: unknown }[];
  }
>("shared-envelope");
const chain = rosterOf(shared);
const receiver = {
  roster: chain,
  self: { mesh: chain.mesh, member: shared.receiver.member },
  opener: new Opener(seedOf(2)),
  ring: KeyRing.parse(shared.receiver.ring, chain),
};
fuzz({
  name: "the envelope to many",
  inputs: valuesLike([...shared.cases, ...shared.failures].map(({ envelope }) => envelope)),
  parse: (value) => receiveEnvelope(value, receiver),
});
