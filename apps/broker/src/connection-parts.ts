import type { Duplex } from "node:stream";
import type { Connections } from "./connections.ts";
import type { Dispatch } from "./dispatch.ts";
import type { GreetServices } from "./hello.ts";
import type { Logger } from "./logger.ts";
import type { ProcessMetrics } from "./metrics.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Timer } from "./timer.ts";

/** What every connection works with. */
export interface ConnectionParts {
  readonly greeter: GreetServices;
  readonly dispatch: Dispatch;
  readonly connections: Connections;
  readonly receipts: RateLimit;
  readonly timer: Timer;
  readonly metrics: ProcessMetrics;
  /** counts a frame that made no sense for its address; false when there were too many */
  readonly mayErr: (address: string) => boolean;
  /** a stream turned out to be a member's */
  readonly proved: (stream: Duplex) => void;
  readonly log: Logger;
}
