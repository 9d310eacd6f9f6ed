import { type DeviceId, type MemberId, MeshError, type MeshId } from "@claudemesh/protocol";
import type { Services } from "./handler.ts";

/** A device that calls without a feed is written down this often at most. */
const callNotedMs = 3_600_000;

/** A device that says hello. */
export interface Arrival {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly purpose: "call" | "feed";
  /** where a new device's view of the log begins */
  readonly startSeq: number;
}

/** Records that a device is there, and tells the member's other devices of one that never was; answers the cursor of one with a feed. */
export async function noteDevice(
  { connections, now, store }: Services,
  { purpose, startSeq, ...who }: Arrival,
): Promise<number | undefined> {
  const { mesh, member, device } = who;
  const at = now();
  const known = await store.read.memberDevice(mesh, { member, device });
  let cursorSeq: number | undefined;
  if (purpose === "feed") {
    ({ cursorSeq } = await store.write.seenDevice({ ...who, startSeq, at }));
  } else if (known === undefined || known.lastSeenAt < at - callNotedMs) {
    try {
      await store.write.calledDevice({ ...who, at });
    } catch (error) {
      // A broker that cannot write still answers questions.
      if (!(error instanceof MeshError)) throw error;
    }
  }
  if (known === undefined) {
    connections.tellMember(mesh, member, { type: "event", kind: "device_seen", device });
  }
  return cursorSeq;
}
