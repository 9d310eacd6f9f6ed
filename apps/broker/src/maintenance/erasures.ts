/**
 * What erasing a member does to each table that names members, beginning with what others are found by. `log` keeps its entries, without which devices would see gaps,
 * and loses what they carry. A table that keeps ids because they are part of a signed chain, or say nothing of a person, has no statement.
 */
export const erasures: Readonly<Record<string, readonly string[]>> = {
  api_key: [
    `UPDATE api_key SET name = '', revoked_at = coalesce(revoked_at, :at)
      WHERE mesh = :mesh AND owner = :member`,
  ],
  audience_member: ["DELETE FROM audience_member WHERE mesh = :mesh AND member = :member"],
  device_call: ["DELETE FROM device_call WHERE mesh = :mesh AND member = :member"],
  device: ["DELETE FROM device WHERE mesh = :mesh AND member = :member"],
  grants: ["DELETE FROM grants WHERE mesh = :mesh AND member = :member"],
  idempotency: [],
  key_row: ["DELETE FROM key_row WHERE mesh = :mesh AND recipient = :member"],
  key_want: ["DELETE FROM key_want WHERE mesh = :mesh AND member = :member"],
  lease: ["UPDATE lease SET until = 0 WHERE mesh = :mesh AND member = :member"],
  log: [
    `UPDATE log SET body = NULL, contents_deleted_at = :at
      WHERE mesh = :mesh AND body IS NOT NULL AND kind <> 'roster' AND (sender = :member
        OR audience IN (SELECT no FROM audience WHERE mesh = :mesh AND (key = :audience OR key IN
          (SELECT 's:' || session FROM session WHERE mesh = :mesh AND member = :member))))`,
  ],
  profile: ["DELETE FROM profile WHERE mesh = :mesh AND member = :member"],
  session: ["DELETE FROM session WHERE mesh = :mesh AND member = :member"],
  topic_left: ["DELETE FROM topic_left WHERE mesh = :mesh AND member = :member"],
  topic_member: ["DELETE FROM topic_member WHERE mesh = :mesh AND member = :member"],
  topic_read: ["DELETE FROM topic_read WHERE mesh = :mesh AND member = :member"],
};
