import type { BareMember } from "@claudemesh/testkit";
import type { MessageAppend } from "../../apps/broker/src/store/port.ts";
import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import type { Resources } from "../resources.ts";
import { type Row, skippedRow } from "../row.ts";
import { backFill } from "./back-fill.ts";
import { crowdIn } from "./crowd-fill.ts";
import { cannotScale, ScaleGround } from "./ground.ts";
import { messageIn } from "./growth.ts";
import { insertNotify } from "./insert-notify.ts";
import { largeMesh } from "./large-mesh.ts";
import { growLog } from "./log-fill.ts";
import { severalNodes } from "./several-nodes.ts";
import { storm } from "./storm.ts";
import { type Talk, talkIn } from "./topics.ts";
import { Pair } from "./traffic.ts";

type Rows = (resources: Resources, ground: ScaleGround) => Promise<Row[]>;

/** Rows on a PostgreSQL and a nats-server of their own, or one that says why there are none. */
const grounded =
  (name: string, rows: Rows) =>
  async (resources: Resources): Promise<Row[]> => {
    const why = cannotScale();
    if (why !== false) return [skippedRow(name, why, false)];
    return await rows(resources, await ScaleGround.start(resources));
  };

/** What a message costs on one, two and three nodes. */
export const nodeRows = grounded("several nodes", async (resources, ground) => {
  const rows = [await insertNotify(resources, ground)];
  for (const count of [1, 2, 3]) {
    rows.push(await severalNodes(resources, ground, { count, meshes: "one" }));
    if (count > 1) rows.push(await severalNodes(resources, ground, { count, meshes: "each" }));
  }
  // Two nodes that commit as much at a time as the one does; apart, they tell how much of it is the machine's.
  for (const meshes of ["one", "each", "apart"] as const) {
    rows.push(await severalNodes(resources, ground, { count: 2, meshes, atEach: 64 }));
  }
  return rows;
});

const large = { members: 10_000, entries: 1_000_000, waiting: 100_000, devices: 2_000 } as const;
const text = (n: number) => n.toLocaleString("en-US");

/** How cost grows: meshes of ten and of ten thousand, a long log, many who come back at once; one node each. */
export const growthRows = grounded("growth", async (resources, ground) => {
  const database = await ground.databases.create();
  const longLog = await ground.databases.create();
  const store = await ground.open(database);
  const few = await crowdIn(store, 10);
  const many = await crowdIn(store, large.members, large.devices);
  await store.close();
  const other = await ground.open(longLog);
  const readers = await crowdIn(other, 4);
  const [alice, bob, carol] = readers as [BareMember, BareMember, BareMember];
  await other.write.appendMessage(storedMessage(alice, carol));
  await other.close();
  await growLog(ground, longLog, { entries: large.entries, kept: large.waiting - 1 });
  const [node] = (await ground.nodes(database, 1)) as [BrokerProcess];
  const [beside] = (await ground.nodes(longLog, 1)) as [BrokerProcess];
  const message = (name: string, [from, to]: readonly BareMember[], at: BrokerProcess) =>
    messageIn(resources, ground, {
      ...{ name, node: at, alice: from as BareMember, bob: to as BareMember },
    });
  const [owner] = many as [BareMember];
  return [
    await message("a message among 10 members", few, node),
    await message(`a message among ${text(large.members)} members`, many, node),
    await message(`a message in a log of ${text(large.entries)}`, [alice, bob], beside),
    ...largeMesh(resources, { owner, node, count: large.members }),
    backFill(carol, beside, large.waiting),
    storm(many, node, large.devices),
  ];
});

/** How cost grows with topics, of which a mesh has at most a thousand: ten times as many are in ten meshes, whose topics a node holds all the same. */
export const topicRows = grounded("topics", async (resources, ground) => {
  const row = async (topics: number, meshes: number) => {
    const database = await ground.databases.create();
    const store = await ground.open(database);
    const talks = Array.from({ length: meshes }, () => talkIn(store, topics / meshes));
    const [first, ...others] = (await Promise.all(talks)) as [Talk, ...Talk[]];
    await store.close();
    const [node] = (await ground.nodes(database, 1)) as [BrokerProcess];
    // Somebody is in each mesh, so that the node has the topics of all of them in memory.
    for (const two of others) {
      await (await Pair.open(resources, { ...two, at: [node, node] })).run(1, 1);
    }
    const name = `a post among ${text(topics)} topics${meshes > 1 ? ` of ${meshes} meshes` : ""}`;
    return messageIn(resources, ground, { name, node, ...first });
  };
  return [await row(10, 1), await row(1_000, 1), await row(10_000, 10)];
});

/** A message as the store takes it from a call. */
function storedMessage(from: BareMember, to: BareMember): MessageAppend {
  const { header, ...rest } = from.seal(to, "waiting");
  const at = Date.now();
  return {
    ...{ mesh: from.mesh, sender: from.member, id: header.id, digest: rest.sig },
    ...{ audience: header.to, kind: "message", body: JSON.stringify({ header, ...rest }) },
    ...{ rosterSeq: header.head.seq, at, expiresAt: at + 7 * 24 * 3_600_000 },
  };
}
