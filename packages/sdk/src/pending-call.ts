import type { MeshError, UpFrame } from "@claudemesh/protocol";

/** Something that a broker answers by one reply. */
export interface Request<T> {
  /** for error messages, such as an operation's name */
  readonly what: string;
  /** may be sent again on another connection, because asking twice does no more than asking once */
  readonly repeatable: boolean;
  readonly frame: (id: string) => UpFrame;
  /** reads the reply's output; throws a `MeshError` when it has not the right form */
  readonly read: (output: unknown) => T;
  /** asked before each sending: why it may no longer be sent */
  readonly refuse?: () => MeshError | undefined;
}

/**
 * `unsent` waits for a connection, `sent` for its reply, `resting` for the time that the broker named when it said
 * `rate_limited`.
 */
export type Stage = "unsent" | "sent" | "resting";

/** One request from its making to its settling. */
export interface PendingCall {
  readonly id: string;
  readonly text: string;
  /** where the caller's own trace stands */
  readonly trace: string | undefined;
  readonly request: Request<unknown>;
  readonly deadline: number;
  stage: Stage;
  /** frames heard on the connection when it was sent */
  heardAtSend: number;
  /** ends timers and listeners */
  readonly release: (() => void)[];
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: MeshError) => void;
}
