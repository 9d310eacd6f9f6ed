import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import type { MemberId, MeshId } from "@claudemesh/protocol";
import { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import { startBroker } from "./broker-process.ts";

const vocabulary = 5_000;
const wordsEach = 14;

/** A home with one mesh of its own, and where its database lies. */
export interface BenchDevice {
  readonly device: LocalDevice;
  readonly database: string;
  readonly mesh: MeshId;
  readonly member: MemberId;
}

export async function deviceAlone(resources: Resources): Promise<BenchDevice> {
  const broker = await startBroker(resources);
  const home = join(temporaryFolder(resources), "home");
  const device = await openDevice({
    home,
    now: Date.now,
    random: systemRandom,
    defaultName: "alice",
    defaultBroker: broker.url,
  });
  resources.defer(() => device.close());
  device.keepOnline();
  const { id: mesh, member } = await device.api.mesh.create({ name: "Bench" });
  return { device, database: join(home, "home.db"), mesh, member };
}

/** Messages that were read, as receiving writes them: `direct` without an audience, posts with their topic's. A word's rarity grows with its number. */
export function fillHome(
  { database, member, mesh }: BenchDevice,
  { messages, audience }: { readonly messages: number; readonly audience?: string },
): void {
  const numbers = new SeededNumbers(1);
  const words = () =>
    Array.from({ length: wordsEach }, () => {
      const part = numbers.next(1_000_000) / 1_000_000;
      return `w${Math.floor(vocabulary * part ** 3)}`;
    }).join(" ");
  const db = new DatabaseSync(database);
  const insert = db.prepare(
    `INSERT INTO inbox (mesh, sender, id, digest, kind, text, priority, seq, created_at, received_at, handed_at, audience)
     VALUES (?, ?, ?, '', ?, ?, 'next', ?, ?, ?, ?, ?)`,
  );
  const kind = audience === undefined ? "direct" : "topic";
  const began = Date.now() - messages * 1_000;
  db.exec("BEGIN");
  for (let n = 0; n < messages; n++) {
    const at = began + n * 1_000;
    const place = [n, at, at, at, audience ?? null] as const;
    insert.run(mesh, member, `msg_${n}`, kind, words(), ...place);
  }
  db.exec("COMMIT");
  db.close();
}
