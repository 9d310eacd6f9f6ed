import {
  ready,
  verifyAttestation,
  verifyGrants,
  verifyHello,
  verifyProfile,
  verifyReceipt,
  verifyTopic,
} from "@claudemesh/crypto";
import {
  Attestation,
  Grants,
  Hello,
  Profile,
  parse,
  Receipt,
  type SignKey,
  Topic,
} from "@claudemesh/protocol";
import { fuzz } from "./hunt.ts";
import { valuesLike } from "./inputs.ts";
import { statementsOf, vectors } from "./vectors.ts";

await ready();

interface Keyed {
  readonly now: number;
  readonly connection: Parameters<typeof verifyHello>[1];
  readonly cases: readonly [{ readonly key: SignKey }];
}
const keyOf = (format: string): SignKey => vectors<Keyed>(format).cases[0].key;

const { connection } = vectors<Keyed>("hello");
fuzz({
  name: "the hello",
  inputs: valuesLike(statementsOf("hello")),
  parse: (value) => verifyHello(parse(Hello, value, "hello"), connection),
});

const { now } = vectors<Keyed>("attestation");
const sessionOwner = keyOf("attestation");
fuzz({
  name: "the attestation",
  inputs: valuesLike(statementsOf("attestation")),
  parse: (value) => verifyAttestation(parse(Attestation, value, "attestation"), sessionOwner, now),
});

const grantsAuthor = keyOf("grants");
fuzz({
  name: "the grants",
  inputs: valuesLike(statementsOf("grants")),
  parse: (value) => verifyGrants(parse(Grants, value, "grants"), grantsAuthor),
});

const profileAuthor = keyOf("profile");
fuzz({
  name: "the profile",
  inputs: valuesLike(statementsOf("profile")),
  parse: (value) => verifyProfile(parse(Profile, value, "profile"), profileAuthor),
});

const recipient = keyOf("receipt");
fuzz({
  name: "the receipt",
  inputs: valuesLike(statementsOf("receipt")),
  parse: (value) => verifyReceipt(parse(Receipt, value, "receipt"), recipient),
});

const topicAuthor = keyOf("topic");
fuzz({
  name: "the topic",
  inputs: valuesLike(statementsOf("topic")),
  parse: (value) => verifyTopic(parse(Topic, value, "topic"), topicAuthor),
});
