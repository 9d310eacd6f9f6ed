import type {
  Audience,
  FileId,
  FileManifest,
  FileNews,
  FileSealRow,
  FileShared,
  Hash,
  MemberId,
  MeshId,
} from "@claudemesh/protocol";

interface OfFile {
  readonly mesh: MeshId;
  readonly file: FileId;
}

/** A file whose ciphertext is about to come; `quota` is what the mesh's files may have together. */
export interface FileBegin extends OfFile {
  readonly member: MemberId;
  readonly bytes: number;
  readonly quota: number;
  readonly at: number;
  /** when it is forgotten unless it was shared by then */
  readonly expiresAt: number;
}

/** A verified manifest of an uploaded file, with its key for those who may open it. */
export interface FileShare {
  readonly mesh: MeshId;
  readonly manifest: FileManifest;
  /** the manifest's, by which the log's entries are named */
  readonly hash: Hash;
  readonly shared: FileShared | undefined;
  readonly rows: readonly FileSealRow[];
  readonly at: number;
  /** when the log's entries go */
  readonly expiresAt: number;
}

export interface FileGrant extends OfFile {
  readonly rows: readonly FileSealRow[];
  readonly at: number;
  readonly expiresAt: number;
}

/** A file as it is stored; `manifest` is missing until it was shared. */
export interface FileRow {
  readonly file: FileId;
  readonly member: MemberId;
  readonly bytes: number;
  readonly manifest: FileManifest | undefined;
  readonly shared: FileShared | undefined;
  readonly seq: number;
  readonly expiresAt: number | undefined;
}

export interface FileDownload {
  readonly member: MemberId;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A shared file with its place in the log. */
export type ListedFile = FileNews & { readonly seq: number };

/** Which shared files are asked for: a member's own and those sealed to it, and of each audience those after a place of the log. */
export interface FilesSeen {
  /** left out where nothing is anyone's by name */
  readonly member?: MemberId | undefined;
  readonly audiences: readonly { readonly audience: Audience; readonly after: number }[];
  readonly only?: Audience | undefined;
  readonly author?: MemberId | undefined;
  /** only those sealed to this member */
  readonly recipient?: MemberId | undefined;
  readonly now: number;
}

export interface FileTotals {
  readonly files: number;
  readonly bytes: number;
}

/** The writes that concern files. */
export interface FileWrites {
  /** Keeps room for a file. "taken" where the id is another member's or of another size, "full" over the quota. */
  beginFile(input: FileBegin): Promise<"begun" | "taken" | "full">;
  /** Keeps what a file is and tells those who may open it. "kept" where the same was shared before, "unknown" without a begun upload of that size by that member. */
  shareFile(input: FileShare): Promise<"shared" | "kept" | "taken" | "unknown">;
  /** Keeps a shared file's key for more members and tells them. Answers for how many it is new. */
  grantFile(input: FileGrant): Promise<number>;
  /** Forgets a file, or only one that was not shared. Answers whether it was there. */
  deleteFile(
    input: OfFile & { readonly at: number; readonly unfinished?: boolean },
  ): Promise<boolean>;
  /** Keeps an upload that was begun for longer than it was to be. */
  keepUpload(input: OfFile & { readonly expiresAt: number }): Promise<void>;
  /** Counts that a member fetched a file to its end. */
  countDownload(input: OfFile & { readonly member: MemberId; readonly at: number }): Promise<void>;
  /** Forgets files past their time and uploads that nobody finished, at most `limit`. Answers which. */
  forgetFiles(input: { readonly now: number; readonly limit: number }): Promise<readonly OfFile[]>;
}

/** The reads that concern files. */
export interface FileReads {
  file(mesh: MeshId, file: FileId): Promise<FileRow | undefined>;
  /** A file's key as it was sealed to a member. */
  fileSeal(mesh: MeshId, file: FileId, member: MemberId): Promise<string | undefined>;
  /** To whom a file was sealed by name. */
  fileRecipients(mesh: MeshId, file: FileId): Promise<readonly MemberId[]>;
  fileDownloads(mesh: MeshId, file: FileId): Promise<readonly FileDownload[]>;
  /** Shared files below `before`, newest first. */
  files(
    mesh: MeshId,
    query: FilesSeen & { readonly before: number; readonly limit: number },
  ): Promise<readonly ListedFile[]>;
  /** How many these are, and the bytes of all. */
  filesSeen(mesh: MeshId, query: FilesSeen): Promise<FileTotals>;
  /** How many files are shared in a mesh, and the bytes of all, begun ones too. */
  fileTotals(mesh: MeshId): Promise<FileTotals>;
}
