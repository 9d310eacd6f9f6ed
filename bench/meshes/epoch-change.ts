import {
  createMeshKey,
  keyCommitment,
  nextEntry,
  openKeyBundleRow,
  sealKeyBundle,
  systemRandom,
} from "@claudemesh/crypto";
import { limits } from "@claudemesh/protocol";
import { type BareMember, found, join, joinSharing, makeInvite } from "@claudemesh/testkit";
import { person } from "../../packages/crypto/src/roster/fixture.ts";
import { startBroker } from "../claudemesh/broker-process.ts";
import { threadTimes } from "../claudemesh/thread-times.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { chainOf } from "./verifying.ts";

/** What this process has run, in ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** joins by one invite, below the broker's bound of one second */
const perInvite = 4;

async function gather(admin: BareMember, members: number): Promise<void> {
  for (let made = 0; made < members; made += perInvite) {
    const uses = Math.min(perInvite, members - made);
    const code = await makeInvite(admin, uses);
    for (let n = 1; n <= uses; n += 1) await joinSharing(admin, `member ${made + n}`, code);
  }
}

/** What it takes to seal a key to so many members and to sign a row for each. */
export function sealedRows(members: number): Row {
  const { roster } = chainOf({ members, epochs: 0 });
  const key = createMeshKey(systemRandom);
  const { signer } = person(0);
  return {
    name: `a key sealed to ${members} members and signed for each, nothing else`,
    reference: true,
    measure: async ({ ms }) => {
      const began = cpuMs();
      const { latencies } = await saturate(1, ms, async () => {
        sealKeyBundle({ roster, key, signer, random: systemRandom });
      });
      const took = (cpuMs() - began) / latencies.length;
      return { "admin ms": took, "admin µs each": (took * 1000) / members };
    },
  };
}

/** A new mesh key in a mesh of so many members: the admin draws it, seals it to everyone and has the entry appended; then one member fetches its row and opens it. */
export async function epochChange(resources: Resources, members: number): Promise<Row> {
  const broker = await startBroker(resources);
  const admin = await found(broker.url, "admin");
  const last = await join(admin, "receiver");
  await gather(admin, members - 2);
  const asAdmin = admin.connect("call");
  const asLast = last.connect("call");
  resources.defer(async () => {
    await asAdmin.close();
    await asLast.close();
  });
  await Promise.all([asAdmin.ready(), asLast.ready()]);
  const catchUp = async () => {
    while (last.roster.head.seq < admin.roster.head.seq) {
      last.roster.append((await asLast.roster.list({ after: last.roster.head.seq })).items);
    }
  };
  await catchUp();
  /** One change; what it cost the admin's process, the broker's and the receiver's, in ms of CPU, and how long it took until the receiver had the key. */
  const change = async () => {
    const began = performance.now();
    const before = { cpu: cpuMs(), broker: threadTimes(broker.pid).all };
    const { mesh, roster } = admin;
    const { signer } = admin.secret;
    const key = createMeshKey(systemRandom);
    const commitment = keyCommitment(mesh, key);
    const rows = sealKeyBundle({ roster, key, signer, random: systemRandom });
    for (let at = 0; at < rows.length; at += limits.keyRows) {
      await asAdmin.keys.put({ rows: rows.slice(at, at + limits.keyRows) });
    }
    const epoch = { number: roster.epochs.length, commitment };
    const entry = nextEntry(roster, "epoch", epoch, { signer, now: Date.now() });
    await asAdmin.roster.append({ entry });
    roster.apply(entry);
    const appended = { cpu: cpuMs(), broker: threadTimes(broker.pid).all };
    await catchUp();
    const sealed = await asLast.keys.list({ commitments: [commitment] });
    const { member, secret } = last;
    const opened = sealed.items.map((row) =>
      openKeyBundleRow(row, { roster: last.roster, member, opener: secret.opener }),
    );
    if (opened[0]?.key !== key) throw new Error("the receiver has another key");
    return {
      took: performance.now() - began,
      admin: appended.cpu - before.cpu,
      broker: appended.broker - before.broker,
      receiver: cpuMs() - appended.cpu,
    };
  };
  return {
    name: `new mesh key, ${members} members`,
    reference: false,
    measure: async ({ ms }) => {
      const seen: Awaited<ReturnType<typeof change>>[] = [];
      const start = performance.now();
      while (seen.length < 3 || performance.now() - start < ms) seen.push(await change());
      const middle = (of: "admin" | "broker" | "receiver" | "took") =>
        quantile(
          seen.map((one) => one[of]),
          0.5,
        );
      return {
        "p50 ms": middle("took"),
        "admin ms": middle("admin"),
        "broker ms": middle("broker"),
        "receiver ms": middle("receiver"),
        "admin µs each": (middle("admin") * 1000) / members,
        "broker µs each": (middle("broker") * 1000) / members,
      };
    },
  };
}
