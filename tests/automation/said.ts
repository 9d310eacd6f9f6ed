import { type Audience, audienceOf, type Plain } from "@claudemesh/protocol";
import type { Store } from "../../apps/broker/src/store/port.ts";
import type { TestMember } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";

const pageSize = 1_000;

/** What a broker has said by itself to a member, or to another audience, in order. */
export async function said(
  store: Store,
  { mesh, id }: TestMember,
  audience: Audience = audienceOf(id),
): Promise<Plain[]> {
  const plain: Plain[] = [];
  for (let after = 0, size = pageSize; size === pageSize; ) {
    const page = await store.read.log(mesh, {
      after,
      upTo: Number.MAX_SAFE_INTEGER,
      audiences: [audience],
      limit: pageSize,
    });
    size = page.length;
    after = page.at(-1)?.seq ?? after;
    for (const { kind, body } of page) if (kind === "plain") plain.push(JSON.parse(String(body)));
  }
  return plain;
}

/** Waits until a broker has said so much to a member. */
export const saidSoFar = (store: Store, member: TestMember, count: number): Promise<Plain[]> =>
  eventually(async () => {
    const found = await said(store, member);
    return found.length >= count ? found : undefined;
  }, `${count} messages`);
