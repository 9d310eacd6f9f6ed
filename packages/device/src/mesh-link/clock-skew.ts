import { MeshError } from "@claudemesh/protocol";

const clock = (at: number): string => new Date(at).toISOString();

/** Makes a broker's `clock_skew` say both times; any other error comes back as it is. */
export function explainSkew(error: unknown, now: number): unknown {
  if (!(error instanceof MeshError) || error.code !== "clock_skew") return error;
  const serverTime = error.detail?.serverTime;
  if (typeof serverTime !== "number" || error.detail?.localTime !== undefined) return error;
  return new MeshError(
    "clock_skew",
    `the clocks differ too much: the broker's says ${clock(serverTime)}, this machine's ${clock(now)}`,
    {
      hint: "set this machine's clock, then run it again",
      detail: { ...error.detail, localTime: now },
      cause: error,
    },
  );
}
