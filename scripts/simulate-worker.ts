import { parentPort } from "node:worker_threads";
import { type Bug, playCourse } from "@claudemesh/testkit/simulation";

/** A thread of `simulate.ts`: plays the seeds that it is given, one after the other. */
const port = parentPort;
// Faults make errors by the thousand; where each was made is of no use.
Error.stackTraceLimit = 2;
if (port === null) throw new Error("this runs as a thread of simulate.ts");
port.on("message", ({ seed, bug }: { seed: number; bug: Bug | undefined }) => {
  void playCourse({ seed, bug }).then((course) => port.postMessage(course));
});
