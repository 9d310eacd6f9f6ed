import type { JobId, MemberId, MeshId } from "@claudemesh/protocol";
import type { NewEntry } from "./writing/log-appender.ts";

export type JobKind = "clock" | "schedule" | "watch" | "webhook";

/** Which of a broker's rounds takes a job up: what is said, what is asked of others, what ticks. */
export type JobLane = "clock" | "outside" | "said";

/** What a broker does by itself for a member; `spec`, `state` and `secret` are the text of whoever does it. */
export interface JobRow {
  readonly mesh: MeshId;
  readonly id: JobId;
  readonly kind: JobKind;
  readonly author: MemberId;
  readonly spec: string;
  readonly secret: string | null;
  readonly state: string;
  readonly createdAt: number;
  readonly lane: JobLane;
  readonly dueAt: number | null;
  readonly plannedAt: number | null;
  readonly fails: number;
  readonly stopped: string | null;
}

/** What becomes of a job; what is left out stays. Null for `next` is the end of a job that is not kept. */
export interface JobSettle {
  readonly mesh: MeshId;
  readonly id: JobId;
  /** when it was due as far as the caller knows */
  readonly dueAt: number | null;
  /** what its state was as far as the caller knows, where others may change that and leave the time */
  readonly was?: string;
  readonly next: {
    readonly dueAt: number | null;
    readonly plannedAt?: number | null;
    readonly spec?: string;
    readonly state?: string;
    readonly fails?: number;
    readonly stopped?: string | null;
  } | null;
  /** what is said of it, in the same transaction */
  readonly entries: readonly NewEntry[];
  readonly at: number;
}

/** The writes that concern jobs. */
export interface JobWrites {
  /** Keeps a job; "taken" when its id is in use, "full" when the mesh has `most` of its kind. */
  putJob(
    input: JobRow & { readonly most: number; readonly at: number },
  ): Promise<"kept" | "taken" | "full">;
  /** Moves a job on and says what it says, if it is due still when the caller found it to be, and in the state that it `was`; "moved" when somebody else was there first. */
  settleJob(input: JobSettle): Promise<"settled" | "moved">;
  /** Takes a job away, of a member or of whomever. Answers whether there was one. */
  deleteJob(input: {
    readonly mesh: MeshId;
    readonly id: JobId;
    readonly kind: JobKind;
    readonly author?: MemberId;
    readonly at: number;
  }): Promise<boolean>;
}

/** The reads that concern jobs. */
export interface JobReads {
  /** Jobs of a kind, of a member or of all, oldest first. */
  jobs(
    mesh: MeshId,
    query: { readonly kind: JobKind; readonly author?: MemberId | undefined },
  ): Promise<readonly JobRow[]>;
  /** By its id alone, which no two meshes share. */
  job(id: JobId): Promise<JobRow | undefined>;
  /** What is due in a lane by then, first things first, of all meshes. */
  dueJobs(query: {
    readonly lane: JobLane;
    readonly by: number;
    readonly limit: number;
  }): Promise<readonly JobRow[]>;
  /** When the next thing of a lane is due. */
  nextDue(lane: JobLane): Promise<number | undefined>;
}
