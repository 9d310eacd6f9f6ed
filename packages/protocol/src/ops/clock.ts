import { z } from "zod";
import { At } from "../bytes.ts";
import { op } from "../op.ts";
import { ClockState } from "../shapes/job.ts";

const command = {
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "state", reach: "mesh" },
  output: ClockState,
} as const;

export const get = op({
  name: "clock.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "Show the mesh's simulation clock",
  input: z.strictObject({}),
  output: ClockState,
  errors: [],
  rest: "GET /v1/clock",
  cli: { alias: ["clock"] },
  tool: "mesh_clock",
});

export const pause = op({
  ...command,
  name: "clock.pause",
  summary: "Stop the mesh's simulation clock where it is",
  input: z.strictObject({}),
  errors: [],
  rest: "POST /v1/clock/pause",
  cli: {},
  tool: "mesh_pause_clock",
  again: true,
});

export const resume = op({
  ...command,
  name: "clock.resume",
  summary: "Let the mesh's simulation clock run on",
  input: z.strictObject({}),
  errors: [],
  rest: "POST /v1/clock/resume",
  cli: {},
  tool: "mesh_resume_clock",
  again: true,
});

export const set = op({
  ...command,
  name: "clock.set",
  summary: "Set speed or time of the simulation clock, and let it run",
  input: z.strictObject({
    speed: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .describe("simulated minutes per minute: at 1 a tick each 60 s, at 100 each 600 ms"),
    time: At.optional().describe("simulated time to go on from, milliseconds since the Unix epoch"),
  }),
  errors: [],
  rest: "PUT /v1/clock",
  cli: { args: ["speed"], example: "10" },
  tool: "mesh_set_clock",
});
