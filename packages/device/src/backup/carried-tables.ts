import type { HomeRow } from "@claudemesh/protocol";

/** How a row looks in the home that it comes to; a table without one is carried as it is. */
export type Change = (row: HomeRow) => HomeRow;

/** What a mesh's rows are carried from, in the order in which they are put back. */
export const carriedTables: Readonly<Record<string, Change | null>> = {
  profile: null,
  name_seen: null,
  invite_made: null,
  received_counter: null,
  gap: null,
  inbox: (row) => ({ ...row, ...ofNobody, ...(row.handed_at === null ? { again: 1 } : {}) }),
  outbox: (row) => (row.state === "queued" ? { ...row, ...unsent } : { ...row, ...unclaimed }),
  topic: null,
  post_change: null,
  post_closed: null,
  notification: null,
  receipt_in: null,
  story: null,
  guard_sender: null,
  guard_thread: null,
  verified: null,
  alias: null,
  grants: null,
  skill_trust: null,
  pending_write: ({ place: _, ...row }) => ({ ...row, tries: 0 }),
};

/** What the readers of a message to many have said: it goes with the message, which names the mesh. */
export const readersTable = "outbox_reader";

/** What belongs to one device, or is built anew from the chain and the broker. */
export const leftTables: readonly string[] = [
  "awaiting",
  "cache",
  "due_call",
  "key_asked",
  "key_generation",
  "lease",
  "membership",
  "notice",
  "own_device",
  "pending_join",
  "presence_in_mesh",
  "receipt_due",
  "receipt_out",
  "record",
  "record_read",
  "ring",
  "roster_checkpoint",
  "roster_entry",
  "roster_vouched",
  "sent_counter",
  "session",
  "shared_folder",
  "topic_ring",
  "upload",
];

const unclaimed = { claim: null, claim_until: 0 } as const;

/** A device may only send what it has counted and sealed itself, and nobody knows whether the other one still did. */
const unsent = {
  ...unclaimed,
  state: "undeliverable",
  reason: "it waited to be sent when this home was copied; send it again if it is still wanted",
} as const;

/** The agent sessions and readers of the other home are not here; what was not read is shown, marked. */
const ofNobody = {
  handing_by: null,
  handing_until: 0,
  delivery: null,
  handed_to: null,
  held: null,
} as const;
