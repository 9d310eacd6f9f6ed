import { z } from "zod";
import { At } from "../bytes.ts";
import { SessionId } from "../ids.ts";
import { op } from "../op.ts";
import { SessionInfo } from "../shapes/session.ts";
import { AttachProof, Attestation } from "../statements/hello.ts";

export const attach = op({
  name: "session.attach",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Attach an agent session to this connection, or renew it",
  input: z.strictObject({ attestation: Attestation, proof: AttachProof, info: SessionInfo }),
  output: z.object({
    session: SessionId,
    attachedAt: At,
    notAfter: At,
    returned: z.boolean().describe("it, or the session it had before, was here before"),
  }),
  errors: ["clock_skew", "conflict", "expired", "revoked", "wrong_host"],
});

export const detach = op({
  name: "session.detach",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "End a session of this device for good",
  input: z.strictObject({ session: SessionId }),
  output: z.object({ session: SessionId, ended: z.boolean() }),
  errors: [],
});
