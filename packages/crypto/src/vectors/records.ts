import type { DeviceId, RecordId } from "@claudemesh/protocol";
import { domains, statementBytes } from "../domain.ts";
import { fromUtf8 } from "../encoding.ts";
import type { JsonValue } from "../jcs.ts";
import { type RecordWrite, recordHash, signRecord } from "../record.ts";
import * as at from "../testing/fixtures.ts";

const by = {
  id: "rec_019e4f3c-0c00-7000-8000-000000000001" as RecordId,
  device: "dev_6f9619ff-8b86-4d01-b42d-00cf4fc964ff" as DeviceId,
  at: at.moment,
};

/** Writes of shared data: what is signed holds the operation and its input beside the signature's own fields. */
export function recordVectors() {
  const { keys, signer } = at.memberOf("alice");
  const { mesh } = at;
  const of = (name: string, op: string, input: RecordWrite["input"]) => {
    const write = { mesh, op, input };
    const signed = signRecord(write, by, signer);
    const { sig: _sig, ...head } = signed;
    const statement = { v: 1, ...write, ...head } as unknown as JsonValue;
    const signedText = fromUtf8(statementBytes(domains.record, statement));
    return { name, key: keys.sign, write, signed, signedText, hash: recordHash(write, by.id) };
  };
  const set = of("a state with any JSON", "state.set", {
    key: "release",
    value: { version: "1.2", ok: true, Ünïcode: [1, 2.5, null] },
    seen: 7,
  });
  const claim = of("the claim of a task", "task.claim", {
    id: "task_019e4f3c-0c00-7000-8000-000000000002",
  });
  const { write, signed, key } = set;
  return {
    format: "record",
    cases: [set, claim],
    failures: [
      {
        name: "another value",
        write: { ...write, input: { ...write.input, value: false } },
        signed,
        key,
        error: "bad_signature",
      },
      {
        name: "another operation",
        write: { ...write, op: "state.delete" },
        signed,
        key,
        error: "bad_signature",
      },
      {
        name: "another mesh",
        write: { ...write, mesh: `mesh_${"0".repeat(64)}` as typeof mesh },
        signed,
        key,
        error: "bad_signature",
      },
      {
        name: "author is another member",
        write,
        signed: { ...signed, author: at.memberOf("bob").keys.sign },
        key,
        error: "bad_signature",
      },
    ],
  };
}
