import { audienceOfTopic, everyone, type RecordNews } from "@claudemesh/protocol";
import { noteWritten, recordVersion, upsertRecord } from "../queries/records.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putRecord: WriteFn<"putRecord"> = async ({ db, log }, input) => {
  const { at, by, expect, expiresAt, id, key, noun, status, topic, written } = input;
  const mesh = log.head(input.mesh);
  const replaced = await recordVersion(db, mesh.no, input);
  if (expect !== undefined && expect !== replaced) return { result: "stale" };
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
  await noteWritten(db, mesh.no, input, version);
  return { result: "written", version, replaced };
};
