import { openClient } from "../../apps/broker/src/store/postgres/connect.ts";
import type { ScaleGround } from "./ground.ts";

const timeoutMs = 300_000;
const atOnce = 100_000;

/** Copies the newest message of a log so many times behind itself by statements of the database, under ids of their own; the first `kept` of them with their contents, the others without, as they are once they were read. */
export async function growLog(
  ground: ScaleGround,
  database: string,
  { entries, kept }: { readonly entries: number; readonly kept: number },
): Promise<void> {
  const client = await openClient({ url: ground.postgres.url(database), timeoutMs });
  const id = "'msg_01a20000-0000-7000-8000-' || lpad(to_hex(g), 12, '0')";
  const source =
    "(SELECT log.* FROM log JOIN mesh ON mesh.no = log.mesh WHERE log.kind = 'message' ORDER BY seq LIMIT 1) AS first";
  try {
    for (let from = 1; from <= entries; from += atOnce) {
      const series = `generate_series(${from}, ${Math.min(entries, from + atOnce - 1)}) AS g`;
      await client.query(
        `INSERT INTO log (mesh, seq, id, kind, sender, audience, at, expires_at, expired, body, contents_deleted_at)
          SELECT mesh, seq + g, ${id}, kind, sender, audience, at, expires_at, expired,
            CASE WHEN g <= ${kept} THEN body END, CASE WHEN g > ${kept} THEN at END FROM ${source}, ${series}`,
      );
      await client.query(
        `INSERT INTO idempotency (mesh, id, sender, digest, seq, at)
          SELECT mesh, ${id}, sender, 'digest', seq + g, at FROM ${source}, ${series}`,
      );
    }
    await client.query("UPDATE mesh SET head_seq = (SELECT max(seq) FROM log)");
    await client.query("ANALYZE log, idempotency");
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}
