import assert from "node:assert/strict";
import { fromBase64, sealShared, systemRandom } from "@claudemesh/crypto";
import type { LocalDevice } from "@claudemesh/device";
import {
  audienceOfTopic,
  ciphertextOf,
  type Envelope,
  type EnvelopeHeader,
  type MessageBody,
  type TopicId,
  type TopicInfo,
} from "@claudemesh/protocol";
import { headerText, signEnvelope } from "../../packages/crypto/src/envelope.ts";
import { ringOf } from "../../packages/device/src/keys/ring-of.ts";
import type { Inside } from "../device/inside.ts";

/** The texts of a topic's posts as a device shows them, newest first. */
export const historyOf = async (device: LocalDevice, name: string): Promise<string[]> =>
  (await device.api.topic.history({ name })).items.map(({ text }) => text);

/** A topic as a device lists it; undefined where it finds none of that name. */
export const topicNamed = async (
  device: LocalDevice,
  name: string,
): Promise<TopicInfo | undefined> =>
  (await device.api.topic.list({})).items.find((topic) => topic.name === name);

/** Asks until the answer fits; says what was seen last where it never does. */
export async function until<T>(ask: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const seen = await ask();
    if (fits(seen)) return seen;
    assert.ok(Date.now() < deadline, `never came: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An envelope of this member's own making around another's ciphertext. */
export const around = (by: Inside, header: EnvelopeHeader, { body }: Envelope): Envelope =>
  signEnvelope(header, headerText(header), fromBase64(ciphertextOf(body)), by.secret.signer);

/** A post that this member signs for real, whatever its own device would refuse to send. */
export function postBy(
  by: Inside,
  topic: TopicId,
  body: MessageBody,
  over: Partial<EnvelopeHeader> = {},
): Envelope {
  const { ctx, row } = by;
  const header: EnvelopeHeader = {
    v: 1,
    id: ctx.ids.nextMessageId(),
    mesh: row.mesh,
    from: { member: row.member, device: row.device },
    to: audienceOfTopic(topic),
    priority: "next",
    kind: "topic",
    keyVersion: 0,
    contentType: "application/json",
    createdAt: Date.now(),
    head: ctx.rosters.of(row.mesh).head,
    n: 1_000,
    ...over,
  };
  const { signer } = by.secret;
  return sealShared({ header, body, ring: ringOf(ctx, row.mesh), signer, random: systemRandom });
}
