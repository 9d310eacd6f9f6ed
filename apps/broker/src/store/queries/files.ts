import type { FileId, FileManifest, FileSealRow, FileShared, MemberId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type {
  FileBegin,
  FileDownload,
  FileReads,
  FileRow,
  FilesSeen,
  FileTotals,
  ListedFile,
} from "../files-port.ts";
import type { Schema } from "../schema.ts";

const parsed = <T>(text: string | null): T | undefined =>
  text === null ? undefined : (JSON.parse(text) as T);

export async function findFile(
  db: Kysely<Schema>,
  mesh: number,
  file: FileId,
): Promise<FileRow | undefined> {
  const row = await db
    .selectFrom("file")
    .select(["file", "member", "bytes", "manifest", "shared", "seq", "expires_at"])
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { expires_at: until, ...rest } = row;
  return {
    ...rest,
    expiresAt: until === null ? undefined : Number(until),
    bytes: Number(row.bytes),
    seq: Number(row.seq),
    manifest: parsed<FileManifest>(row.manifest),
    shared: parsed<FileShared>(row.shared),
  };
}

export async function insertFile(
  db: Kysely<Schema>,
  mesh: number,
  { file, member, bytes, at, expiresAt }: FileBegin,
): Promise<void> {
  const rest = { audience: "", manifest: null, shared: null, seq: 0 };
  await db
    .insertInto("file")
    .values({ mesh, file, member, bytes, at, expires_at: expiresAt, ...rest })
    .execute();
}

export async function extendUpload(
  db: Kysely<Schema>,
  mesh: number,
  { file, expiresAt }: { readonly file: FileId; readonly expiresAt: number },
): Promise<void> {
  await db
    .updateTable("file")
    .set({ expires_at: expiresAt })
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .where("manifest", "is", null)
    .where("expires_at", "<", expiresAt)
    .execute();
}

export async function putManifest(
  db: Kysely<Schema>,
  mesh: number,
  kept: {
    readonly manifest: FileManifest;
    readonly shared: FileShared | undefined;
    readonly seq: number;
    readonly at: number;
  },
): Promise<void> {
  const { manifest, shared, seq, at } = kept;
  await db
    .updateTable("file")
    .set({
      audience: manifest.to ?? "",
      manifest: JSON.stringify(manifest),
      shared: shared === undefined ? null : JSON.stringify(shared),
      seq,
      at,
      expires_at: manifest.expiresAt ?? null,
    })
    .where("mesh", "=", mesh)
    .where("file", "=", manifest.file)
    .execute();
}

/** Keeps a sealed key; answers whether the member had none. */
export async function putSeal(
  db: Kysely<Schema>,
  mesh: number,
  { file, recipient, sealed }: FileSealRow & { readonly file: FileId },
): Promise<boolean> {
  const done = await db
    .insertInto("file_seal")
    .values({ mesh, file, member: recipient, sealed })
    .onConflict((conflict) => conflict.columns(["mesh", "file", "member"]).doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function findSeal(
  db: Kysely<Schema>,
  mesh: number,
  { file, member }: { readonly file: FileId; readonly member: MemberId },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("file_seal")
    .select("sealed")
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .where("member", "=", member)
    .executeTakeFirst();
  return row?.sealed;
}

export async function listRecipients(
  db: Kysely<Schema>,
  mesh: number,
  file: FileId,
): Promise<MemberId[]> {
  const rows = await db
    .selectFrom("file_seal")
    .select("member")
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .execute();
  return rows.map(({ member }) => member);
}

/** Forgets a file with its sealed keys and who fetched it; answers whether it was there. */
export async function dropFile(db: Kysely<Schema>, mesh: number, file: FileId): Promise<boolean> {
  for (const table of ["file_seal", "file_download"] as const) {
    await db.deleteFrom(table).where("mesh", "=", mesh).where("file", "=", file).execute();
  }
  const done = await db
    .deleteFrom("file")
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .executeTakeFirst();
  return Number(done.numDeletedRows) > 0;
}

export async function putDownload(
  db: Kysely<Schema>,
  mesh: number,
  { file, member, at }: { readonly file: FileId; readonly member: MemberId; readonly at: number },
): Promise<void> {
  await db
    .insertInto("file_download")
    .values({ mesh, file, member, count: 1, first_at: at, last_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "file", "member"])
        .doUpdateSet((eb) => ({ count: eb("file_download.count", "+", 1), last_at: at })),
    )
    .execute();
}

export async function listDownloads(
  db: Kysely<Schema>,
  mesh: number,
  file: FileId,
): Promise<FileDownload[]> {
  const rows = await db
    .selectFrom("file_download")
    .select(["member", "count", "first_at", "last_at"])
    .where("mesh", "=", mesh)
    .where("file", "=", file)
    .orderBy("last_at", "desc")
    .execute();
  return rows.map((row) => ({
    member: row.member,
    count: Number(row.count),
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
  }));
}

/** Shared files that are seen, with the key as it was sealed to the member; the index gives them in their order. */
function seenFiles(
  db: Kysely<Schema>,
  mesh: number,
  { member, audiences, only, author, recipient, now }: FilesSeen,
) {
  let found = db
    .selectFrom("file")
    .leftJoin("file_seal", (join) =>
      join
        .onRef("file_seal.mesh", "=", "file.mesh")
        .onRef("file_seal.file", "=", "file.file")
        .on("file_seal.member", "=", member ?? ("" as MemberId)),
    )
    .where("file.mesh", "=", mesh)
    .where("file.seq", ">", 0)
    .where(({ eb, or, and }) =>
      or([eb("file.expires_at", "is", null), and([eb("file.expires_at", ">", now)])]),
    )
    .where(({ eb, or, and }) =>
      or([
        ...(member === undefined ? [] : [eb("file.member", "=", member)]),
        eb("file_seal.sealed", "is not", null),
        ...audiences.map(({ audience, after }) =>
          and([eb("file.audience", "=", audience), eb("file.seq", ">", after)]),
        ),
      ]),
    );
  if (only !== undefined) found = found.where("file.audience", "=", only);
  if (author !== undefined) found = found.where("file.member", "=", author);
  if (recipient === undefined) return found;
  return found.where(({ exists, selectFrom }) =>
    exists(
      selectFrom("file_seal as given")
        .select("given.member")
        .whereRef("given.mesh", "=", "file.mesh")
        .whereRef("given.file", "=", "file.file")
        .where("given.member", "=", recipient),
    ),
  );
}

export async function listFiles(
  db: Kysely<Schema>,
  mesh: number,
  query: Parameters<FileReads["files"]>[1],
): Promise<ListedFile[]> {
  const rows = await seenFiles(db, mesh, query)
    .select(["file.manifest", "file.shared", "file.seq", "file_seal.sealed"])
    .where("file.seq", "<", query.before)
    .orderBy("file.seq", "desc")
    .limit(query.limit)
    .execute();
  return rows.map((row) => {
    const shared = parsed<FileShared>(row.shared);
    return {
      manifest: JSON.parse(row.manifest ?? "null") as FileManifest,
      ...(shared === undefined ? {} : { shared }),
      ...(row.sealed === null ? {} : { sealed: row.sealed }),
      seq: Number(row.seq),
    };
  });
}

export async function countFiles(
  db: Kysely<Schema>,
  mesh: number,
  query: FilesSeen,
): Promise<FileTotals> {
  const row = await seenFiles(db, mesh, query)
    .select(({ fn }) => [
      fn.countAll<number>().as("files"),
      fn.sum<number>("file.bytes").as("bytes"),
    ])
    .executeTakeFirst();
  return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) };
}

export async function sumFiles(db: Kysely<Schema>, mesh: number): Promise<FileTotals> {
  const row = await db
    .selectFrom("file")
    .select(({ fn }) => [
      fn.count<number>("manifest").as("files"),
      fn.sum<number>("bytes").as("bytes"),
    ])
    .where("mesh", "=", mesh)
    .executeTakeFirst();
  return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) };
}

/** Files past their time, and uploads that nobody finished in theirs. */
export const dueFiles = (
  db: Kysely<Schema>,
  { now, limit }: { readonly now: number; readonly limit: number },
) =>
  db
    .selectFrom("file")
    .innerJoin("mesh", "mesh.no", "file.mesh")
    .select(["file.mesh as no", "mesh.id as mesh", "file.file"])
    .where("file.expires_at", "is not", null)
    .where("file.expires_at", "<=", now)
    .orderBy("file.expires_at")
    .limit(Math.max(0, limit))
    .execute();
