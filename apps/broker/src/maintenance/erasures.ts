/**
 * What erasing a member does to each table that names members, beginning with what others are found by. `log` keeps its entries, without which devices would see gaps,
 * and loses what they carry.
 */
export const erasures: Readonly<Record<string, readonly string[]>> = {
  api_answer: [
    `DELETE FROM api_answer WHERE mesh = :mesh AND api_key IN
      (SELECT id FROM api_key WHERE mesh = :mesh AND owner = :member)`,
  ],
  api_key: [
    `UPDATE api_key SET name = '', revoked_at = coalesce(revoked_at, :at)
      WHERE mesh = :mesh AND owner = :member`,
  ],
  audience_member: ["DELETE FROM audience_member WHERE mesh = :mesh AND member = :member"],
  device_call: ["DELETE FROM device_call WHERE mesh = :mesh AND member = :member"],
  device: ["DELETE FROM device WHERE mesh = :mesh AND member = :member"],
  file_download: ["DELETE FROM file_download WHERE mesh = :mesh AND member = :member"],
  file_seal: [
    `DELETE FROM file_seal WHERE mesh = :mesh AND (member = :member OR file IN
      (SELECT file FROM file WHERE mesh = :mesh AND member = :member))`,
  ],
  file: ["DELETE FROM file WHERE mesh = :mesh AND member = :member"],
  grants: ["DELETE FROM grants WHERE mesh = :mesh AND member = :member"],
  job: ["DELETE FROM job WHERE mesh = :mesh AND author = :member"],
  key_row: ["DELETE FROM key_row WHERE mesh = :mesh AND recipient = :member"],
  key_want: ["DELETE FROM key_want WHERE mesh = :mesh AND member = :member"],
  lease: ["UPDATE lease SET until = 0 WHERE mesh = :mesh AND member = :member"],
  log: [
    `UPDATE log SET body = NULL, contents_deleted_at = :at
      WHERE mesh = :mesh AND body IS NOT NULL AND kind <> 'roster' AND (sender = :member
        OR audience IN (SELECT no FROM audience WHERE mesh = :mesh AND (key = :audience OR key IN
          (SELECT 's:' || session FROM session WHERE mesh = :mesh AND member = :member))))`,
  ],
  node_order: ["DELETE FROM node_order WHERE instr(body, :member) > 0"],
  notification: ["DELETE FROM notification WHERE mesh = :mesh AND member = :member"],
  presence: ["DELETE FROM presence WHERE instr(body, :member) > 0"],
  profile: ["DELETE FROM profile WHERE mesh = :mesh AND member = :member"],
  record: [
    "DELETE FROM record WHERE mesh = :mesh AND (author = :member OR instr(written, :member) > 0)",
  ],
  record_count: [
    `UPDATE record_count SET count = (SELECT count(*) FROM record WHERE record.mesh = record_count.mesh
      AND record.noun = record_count.noun AND status NOT IN ('gone', 'completed', 'cancelled')) WHERE mesh = :mesh`,
  ],
  session: ["DELETE FROM session WHERE mesh = :mesh AND member = :member"],
  topic_left: ["DELETE FROM topic_left WHERE mesh = :mesh AND member = :member"],
  topic_member: ["DELETE FROM topic_member WHERE mesh = :mesh AND member = :member"],
  topic_read: ["DELETE FROM topic_read WHERE mesh = :mesh AND member = :member"],
  vault: ["DELETE FROM vault WHERE mesh = :mesh AND member = :member"],
};

/** The tables in which a member's id may stay after that, and why. Every other table is to be free of it. */
export const keepsIds: Readonly<Record<string, string>> = {
  api_key: "that a key was its owner's, without the name that it gave it",
  audience: "whom the numbers of the log's audiences stand for",
  audit: "the signed chain",
  audit_chain: "where the signed chain ends",
  idempotency: "ids of messages, which must not be taken a second time",
  invite: "what the holder of a code opens; who made it is in the roster",
  key_begun: "hashes of keys",
  key_offered: "hashes of keys",
  key_row: "keys that it sealed to others, which they open",
  lease: "that nobody else answers in its name with an old token",
  log: "who wrote what no longer stands there",
  mesh: "the mesh itself",
  node: "the broker's own processes",
  record_count: "how many records of a noun there are",
  roster: "the signed chain",
  stream: "a stream goes on under the id of who made it",
  topic: "a topic goes on under the words of who made it",
  topic_barrier: "numbers of a topic's entries in the roster",
};
