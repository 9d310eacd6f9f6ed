import { sha256, utf8, uuidv4 } from "@claudemesh/crypto/verify";
import { ClockState, type JobId, type MemberId, type MeshId } from "@claudemesh/protocol";
import type { JobRow } from "../../store/jobs-port.ts";

/** A simulated minute, which a tick stands for. */
export const tickMs = 60_000;

/** How long a tick takes at a speed. */
export const intervalOf = ({ speed }: Pick<ClockState, "speed">): number =>
  Math.round(tickMs / speed);

/** A mesh has one clock, whose id is made from the mesh's. */
export const clockId = (mesh: MeshId): JobId =>
  `job_${uuidv4(() => sha256(utf8(`clock\n${mesh}`)).subarray(0, 16))}` as JobId;

/** A clock as it stands; one that nobody has set stands still at the time of the asking. */
export const clockOf = (row: JobRow | undefined, now: number): ClockState =>
  row === undefined
    ? { running: false, speed: 1, tick: 0, time: now - (now % tickMs), paused: "nobody has set it" }
    : ClockState.parse(JSON.parse(row.state));

/** The row of a clock that is made now. */
export const newClock = (
  mesh: MeshId,
  author: MemberId,
  state: ClockState,
  at: number,
): JobRow => ({
  mesh,
  id: clockId(mesh),
  kind: "clock",
  author,
  spec: "{}",
  secret: null,
  state: JSON.stringify(state),
  createdAt: at,
  lane: "clock",
  dueAt: state.running ? at + intervalOf(state) : null,
  plannedAt: null,
  fails: 0,
  stopped: null,
});
