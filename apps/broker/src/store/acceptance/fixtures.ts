import {
  type Audience,
  audienceOf,
  type DeviceId,
  type Hash,
  type InviteId,
  type InviterHeadBlob,
  type MemberId,
  type MeshId,
  type MessageId,
  type Profile,
  type RosterEntry,
  type SignKey,
  type WelcomeBlob,
} from "@claudemesh/protocol";
import type { Ack, LogEntry, MeshCreate, MessageAppend, RosterAppend, Store } from "../port.ts";

/** Opens the store in a folder of its own; the same folder again gives the same store. */
export type OpenStore = (folder: string) => Promise<Store>;

export const day = 24 * 3_600_000;
export const start = 1_800_000_000_000;

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, "0");
const uuid = (n: number) => `00000000-0000-7000-8000-${hex(n, 12)}`;

export const hashOf = (n: number) => hex(n, 64) as Hash;
export const member = (n: number) => `mbr_${hex(n, 64)}` as MemberId;
export const device = (n: number) => `dev_${uuid(n)}` as DeviceId;
export const messageId = (n: number) => `msg_${uuid(n)}` as MessageId;
export const invite = (n: number) => `inv_${uuid(n)}` as InviteId;
export const everyone = "*" as Audience;
export const mesh = `mesh_${hex(7, 64)}` as MeshId;
export const otherMesh = `mesh_${hex(8, 64)}` as MeshId;

const author = "A".repeat(43) as SignKey;
const sig = "S".repeat(86) as Profile["sig"];

export const profile = (of: MemberId, version: number, hash: number, within = mesh) => ({
  statement: {
    v: 1,
    mesh: within,
    member: of,
    version,
    fields: { displayName: `version ${version}` },
    author,
    at: start,
    sig,
  } satisfies Profile,
  hash: hashOf(hash),
});

const header = { v: 1, mesh, author, at: start, sig } as const;

/** The mesh of these tests, whose genesis hash is 100, or another one. */
export const creation = (id = mesh): MeshCreate => ({
  mesh: id,
  slug: "flex",
  epoch: "first",
  genesis: {
    ...header,
    mesh: "",
    seq: 0,
    prev: "",
    type: "genesis",
    body: {
      commitment: hashOf(1),
      keys: { sign: author, seal: author as string as never },
      name: "flex",
      nonce: "N".repeat(43),
    },
  },
  hash: hashOf(100),
  profile: profile(member(1), 1, 200, id),
  at: start,
  expiresAt: start + 30 * day,
});

/** The entry at `seq` whose hash is 100 + seq; by default it follows the one with the hash before. */
export const rosterAppend = (
  seq: number,
  body: Pick<RosterEntry, "type" | "body"> = { type: "policy", body: { retentionDays: seq } },
  over: Partial<RosterAppend> = {},
): RosterAppend => ({
  mesh,
  entry: { ...header, seq, prev: hashOf(99 + seq), ...body } as RosterEntry,
  hash: hashOf(100 + seq),
  barrier: false,
  at: start,
  expiresAt: start + 30 * day,
  ...over,
});

export const inviteBody = (n: number) =>
  ({
    type: "invite",
    body: { expiresAt: start + day, invite: invite(n), key: author, role: "member", uses: 1 },
  }) as const;

export const blob = (text: string) => text as WelcomeBlob;
export const head = (text: string) => text as InviterHeadBlob;

/** A message from member 1 to member 2, unless said otherwise. */
export const message = (n: number, over: Partial<MessageAppend> = {}): MessageAppend => ({
  mesh,
  sender: member(1),
  id: messageId(n),
  digest: hashOf(1000 + n),
  audience: audienceOf(member(2)),
  kind: "message",
  body: `{"n":${n}}`,
  rosterSeq: 0,
  at: start,
  expiresAt: start + 7 * day,
  ...over,
});

export const acknowledge = (
  of: number,
  on: number,
  seq: number | null,
  over: Partial<Ack> = {},
) => ({
  mesh,
  member: member(of),
  device: device(on),
  seq,
  receipts: [],
  at: start,
  retiredBefore: start - 30 * day,
  ...over,
});

export const seen = (of: number, on: number, startSeq: number, at = start) => ({
  mesh,
  member: member(of),
  device: device(on),
  startSeq,
  at,
});

/** What a member reads of the log, or what the given audiences do. */
export const readLog = (
  store: Store,
  audiences: readonly Audience[],
  { after = 0, upTo = 1_000_000, limit = 10_000 } = {},
): Promise<readonly LogEntry[]> => store.read.log(mesh, { after, upTo, audiences, limit });

export const seqsOf = (entries: readonly LogEntry[]) => entries.map((entry) => entry.seq);
export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
