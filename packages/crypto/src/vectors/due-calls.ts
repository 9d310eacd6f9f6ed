import type { CallResult, DueCall, JobId } from "@claudemesh/protocol";
import { type Domain, domains, hashBytes, statementBytes } from "../domain.ts";
import { sealCallResult, sealDueCall } from "../due-call.ts";
import { fromBase64, fromUtf8, toBase64, toHex } from "../encoding.ts";
import type { JsonValue } from "../jcs.ts";
import { sealTo } from "../opener.ts";
import { signStatement } from "../signature.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { formatUuid } from "../uuid.ts";

/** What a member's own devices do at a time, and what came of it: what is signed, and the box that only its key opens. */
export function dueCallVectors() {
  const [alice, bob] = [at.memberOf("alice"), at.memberOf("bob")];
  const { device, member } = alice;
  const { mesh, moment } = at;
  const job = `job_${formatUuid(seededRandom("due-call/job")(16), 4)}` as JobId;
  const of = { mesh, member, job };
  const common = (name: string, text: string) => ({
    ...{ text, to: alice.keys.seal, signer: alice.signer },
    random: seededRandom(`due-call/${name}`),
  });
  const shown = (name: string, domain: Domain, signed: object) => {
    const { sig: _sig, ...bare } = signed as { sig: string };
    const signedText = fromUtf8(statementBytes(domain, bare as unknown as JsonValue));
    const ephemeralSecretHex = toHex(seededRandom(`due-call/${name}`)(32));
    return { name, ephemeralSecretHex, signedText };
  };
  const call = (
    name: string,
    when: Pick<DueCall, "at" | "cron" | "missed" | "zone">,
    text: string,
  ) => {
    const sealed = sealDueCall({
      statement: { ...of, ...when, madeAt: moment },
      ...common(name, text),
    });
    return { ...shown(name, domains.dueCall, sealed.entry), text, ...sealed };
  };
  const result = (name: string, outcome: CallResult["outcome"], text: string) => {
    const statement = { ...of, planned: moment + 60_000, device, outcome, madeAt: moment + 60_001 };
    const sealed = sealCallResult({ statement, ...common(name, text) });
    return { ...shown(name, domains.callResult, sealed.entry), text, ...sealed };
  };
  const once = call(
    "once",
    { at: moment + 60_000, missed: "wait" },
    '{"tool":"send_message","input":{"to":"bob","text":"ä"}}',
  );
  const daily = call(
    "by a cron expression",
    { cron: "0 9 * * mon-fri", zone: "Europe/Berlin", missed: "skip" },
    '{"tool":"set_summary","input":{"summary":"here"},"session":"s"}',
  );
  const done = result("done", "done", '{"tool":"send_message","said":"{}"}');
  const failed = result("failed", "failed", '{"tool":"send_message","said":"no"}');
  const { ciphertext, entry } = once;
  const { author: _author, sig: _sig, ...fields } = entry;
  const bare = sealTo(alice.keys.seal, new Uint8Array(64), seededRandom("due-call/bare"));
  const unpadded = signStatement(
    domains.dueCall,
    { ...fields, sealed: hashBytes(bare), author: alice.keys.sign },
    alice.signer,
  );
  const cut = fromBase64(ciphertext).subarray(0, -1);
  const failures = [
    { name: "another time", entry: { ...entry, at: moment }, ciphertext },
    {
      name: "another job",
      entry: { ...entry, job: `job_${"0".repeat(8)}${job.slice(12)}` },
      ciphertext,
    },
    { name: "another way when it was missed", entry: { ...entry, missed: "skip" }, ciphertext },
    { name: "another call's ciphertext", entry, ciphertext: daily.ciphertext },
    { name: "a ciphertext that ends early", entry, ciphertext: toBase64(cut) },
    { name: "without the end of its padding", entry: unpadded, ciphertext: toBase64(bare) },
    {
      name: "signed by another member",
      entry: signStatement(domains.dueCall, { ...fields, author: bob.keys.sign }, bob.signer),
      ciphertext,
    },
    {
      name: "signed as a result",
      entry: signStatement(
        domains.callResult,
        { ...fields, author: alice.keys.sign },
        alice.signer,
      ),
      ciphertext,
    },
  ].map((one) => ({ ...one, error: "bad_signature" as const }));
  return {
    format: "due-call",
    owner: { seedHex: toHex(alice.seed), scope: { mesh }, ...alice.keys },
    calls: [once, daily],
    results: [done, failed],
    failures,
  };
}
