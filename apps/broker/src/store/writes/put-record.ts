import { audienceOfTopic, everyone, isCounted, type RecordNews } from "@claudemesh/protocol";
import { addToCount, recordCount } from "../queries/record-counts.ts";
import { noteWritten, recordStanding, upsertRecord } from "../queries/records.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putRecord: WriteFn<"putRecord"> = async ({ db, log }, input) => {
  const { at, by, expect, expiresAt, id, key, noun, status, topic, written } = input;
  const mesh = log.head(input.mesh);
  const before = await recordStanding(db, mesh.no, input);
  const replaced = before === undefined || before.status === "gone" ? 0 : before.version;
  if (expect !== undefined && expect !== replaced) return { result: "stale" };
  const grows =
    Number(isCounted(status)) - Number(before !== undefined && isCounted(before.status));
  if (grows > 0 && (await recordCount(db, mesh.no, noun)) >= input.most) return { result: "full" };
  const place = topic === "" ? { noun, key } : { noun, key, topic };
  const news: RecordNews = { ...place, status, written: [...written] };
  const version = log.append(mesh, {
    id,
    kind: "record",
    sender: by,
    audience: topic === "" ? everyone : audienceOfTopic(topic),
    at,
    expiresAt,
    body: JSON.stringify(news),
  });
  await upsertRecord(db, mesh.no, input, version);
  if (grows !== 0) await addToCount(db, mesh.no, noun, grows);
  await noteWritten(db, mesh.no, input, { seq: version, replaced });
  return { result: "written", version, replaced };
};
