import { Opener, openDirect, receiveEnvelope, sealDirect, sealTo } from "@claudemesh/crypto";
import { audienceOf, Envelope, type EnvelopeHeader, parse } from "@claudemesh/protocol";
import { headerHash, headerText, signEnvelope } from "../../packages/crypto/src/envelope.ts";
import { Chain, person, seedOf } from "../../packages/crypto/src/roster/fixture.ts";
import { fullHeader } from "../../packages/crypto/src/testing/fixtures.ts";
import { seededRandom } from "../../packages/crypto/src/testing/seeded-random.ts";
import { message } from "../../packages/crypto/src/testing/statements.ts";
import { fuzz } from "./hunt.ts";
import { type Inputs, jsonLike, valuesLike } from "./inputs.ts";
import { vectors } from "./vectors.ts";

const [ann, bob] = [person(0), person(1)];
const chain = new Chain(ann);
chain.invite(ann, 1);
const member = chain.join(bob, 1);
const { roster } = chain;
const header: EnvelopeHeader = {
  ...fullHeader(),
  ...{ mesh: roster.mesh, head: roster.head, to: audienceOf(member) },
  from: { member: chain.idOf(ann), device: fullHeader().from.device },
};
const random = seededRandom("fuzz");
const valid = sealDirect({ header, body: message, to: bob.keys.seal, signer: ann.signer, random });
const opener = new Opener(seedOf(1));
const receiver = { roster, self: { mesh: roster.mesh, member }, opener };

const { cases, failures } = vectors<{
  cases: { envelope: unknown }[];
  failures: { envelope: unknown }[];
}>("envelope");
const given = [...cases, ...failures].map(({ envelope }) => envelope);

fuzz({
  name: "the envelope",
  inputs: valuesLike([valid, valid, ...given]),
  parse: (value) => receiveEnvelope(value, receiver),
});

/** Envelopes whose header was mutated and then signed by the sender, so that what is behind the signature is reached. */
const headers = valuesLike([header]);
const signedByMember: Inputs<unknown> = (numbers) => {
  const mutated = headers(numbers) as EnvelopeHeader;
  try {
    const text = headerText(mutated);
    const inner = JSON.stringify({ h: headerHash(text), body: message });
    const ciphertext = sealTo(bob.keys.seal, Buffer.from(inner), random);
    return signEnvelope(mutated, text, ciphertext, ann.signer);
  } catch {
    return { ...valid, header: mutated };
  }
};
fuzz({
  name: "a member's own envelope",
  inputs: (numbers) => (numbers.next(20) === 0 ? valid : signedByMember(numbers)),
  parse: (value) => receiveEnvelope(value, receiver),
});

fuzz({
  name: "the sealed body",
  inputs: valuesLike([valid]),
  parse: (value) => openDirect(parse(Envelope, value, "envelope"), opener),
});

/** Whatever a member may have sealed: texts like the inner one, under a good header and signature. */
const text = headerText(header);
const inner = jsonLike([{ h: headerHash(text), body: message }]);
fuzz({
  name: "what a member sealed",
  inputs: (numbers) => Buffer.from(inner(numbers), numbers.next(8) === 0 ? "latin1" : "utf8"),
  parse: (plaintext) => {
    const sealed = sealTo(bob.keys.seal, plaintext.subarray(0, 70_000), random);
    return openDirect(signEnvelope(header, text, sealed, ann.signer), opener);
  },
});
