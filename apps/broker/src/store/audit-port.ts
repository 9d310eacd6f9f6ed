import type { AuditCaller, AuditHead, AuditRow, Hash, MeshId } from "@claudemesh/protocol";

/** Which call a change was made for; goes into the change's row of the audit chain. */
export interface AuditNote {
  readonly op: string;
  readonly by?: AuditCaller | undefined;
}

/** What a row of the audit chain says of one change, besides its note and place. */
export interface AuditFact {
  readonly mesh: MeshId;
  readonly at: number;
  readonly act: string;
  readonly by?: AuditCaller | undefined;
  readonly about?: string | undefined;
  readonly ref?: Hash | undefined;
}

/** Where a mesh's chain ends and where what is kept of it begins. */
export interface AuditChainRow {
  readonly seq: number;
  readonly hash: Hash | "";
  readonly anchor: AuditHead | undefined;
}

export interface AuditWrites {
  /** Adds a row for what changes nothing else that is stored. */
  appendAudit(input: AuditFact): Promise<void>;
  /** Takes away the rows up to the anchor's, which must be one of them, and keeps the anchor in their place. Answers how many. */
  pruneAudit(input: { mesh: MeshId; anchor: AuditHead }): Promise<number>;
}

export interface AuditReads {
  /** Rows above `after` in order, as they are stored. */
  auditRows(
    mesh: MeshId,
    query: { readonly after: number; readonly limit: number },
  ): Promise<readonly AuditRow[]>;
  auditChain(mesh: MeshId): Promise<AuditChainRow>;
  /** The last of each mesh's oldest rows that are older than `before`, at most `limit` rows of at most `meshes` meshes. */
  auditOver(query: {
    readonly before: number;
    readonly limit: number;
    readonly meshes: number;
  }): Promise<readonly { readonly mesh: MeshId; readonly seq: number; readonly hash: Hash }[]>;
}
