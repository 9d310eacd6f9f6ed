import { sealCallResult, sealDueCall, systemRandom, uuidv4 } from "@claudemesh/crypto";
import { type CallResult, JobId } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import type { Person } from "../world.ts";

const far = 365 * 24 * 3_600_000;

/** Something that a member's own devices are to do in a year, or now. */
function drawCall({ member }: Person, inMs = far) {
  const { id, mesh, secret } = member;
  const { keys, signer } = secret;
  const at = Date.now();
  const job = JobId.parse(`job_${uuidv4(systemRandom)}`);
  const statement = { mesh, member: id, job, at: at + inMs, missed: "wait", madeAt: at } as const;
  const text = '{"tool":"mesh_info","input":{}}';
  const call = sealDueCall({ statement, text, to: keys.seal, signer, random: systemRandom });
  return { call };
}

/** What a device says of a call that is not there: nobody waits for it, and it is answered so. */
function drawResult({ member }: Person) {
  const { id, device, mesh, secret } = member;
  const { keys, signer } = secret;
  const statement: Omit<CallResult, "author" | "sealed" | "sig" | "v"> = {
    ...{ mesh, member: id, device, planned: 1, outcome: "done", madeAt: Date.now() },
    job: JobId.parse(`job_${uuidv4(systemRandom)}`),
  };
  const text = '{"tool":"mesh_info","said":"{}"}';
  const result = sealCallResult({
    ...{ statement, text, to: keys.seal, signer, random: systemRandom },
  });
  return { result };
}

/** Calls of tools that a member's own devices carry out: each for its own. */
export const callRows: Rows = {
  "schedule.claim": [
    {
      of: "of another",
      may: "all",
      elsewhere: "nothing",
      thief: "nothing",
      traceless: true,
      ask: async (_by, { target }) => {
        const { call } = drawCall(target);
        const { id } = await target.client.call("schedule.tool", { call });
        return { id, planned: call.entry.at };
      },
    },
  ],
  "schedule.finish": [
    {
      of: "in one's own name",
      may: "all",
      elsewhere: "nothing",
      thief: "malformed",
      traceless: true,
      ask: (by) => drawResult(by),
    },
    {
      of: "in another's name",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: (_by, { target }) => drawResult(target),
    },
  ],
  "schedule.tool": [
    {
      of: "one's own",
      may: "all",
      elsewhere: "yes",
      thief: "malformed",
      ask: (by) => drawCall(by),
    },
    {
      of: "in another's name",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: (_by, { target }) => drawCall(target),
    },
  ],
};
