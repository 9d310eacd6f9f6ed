import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrokerProcess } from "../../../packages/testkit/src/broker-process.ts";
import { Person } from "./person.ts";

/** A broker and people with daemons, each a process of its own; all of it ends with the scope. */
export class Ground implements AsyncDisposable {
  readonly folder: string;
  readonly broker: BrokerProcess;
  readonly people: Person[] = [];

  private constructor(folder: string, broker: BrokerProcess) {
    this.folder = folder;
    this.broker = broker;
  }

  /** Everyone in one mesh, which the first has made. */
  static with(...names: readonly string[]): Promise<Ground> {
    return Ground.on({}, ...names);
  }

  /** The same with variables for the broker. */
  static async on(
    env: Readonly<Record<string, string>>,
    ...names: readonly string[]
  ): Promise<Ground> {
    const folder = mkdtempSync(join(tmpdir(), "claudemesh-metre-"));
    const ground = new Ground(
      folder,
      await BrokerProcess.start({ folder: join(folder, "broker"), env }),
    );
    try {
      for (const name of names) {
        const person = new Person(name, folder, ground.broker.url);
        ground.people.push(person);
        await person.startDaemon();
        await ground.#enter(person);
      }
      return ground;
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  person(name: string): Person {
    const found = this.people.find((one) => one.name === name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  async #enter(person: Person): Promise<void> {
    const [owner] = this.people;
    const device = await person.device();
    if (owner === undefined || owner === person) {
      await device.api.mesh.create({ name: "Team", displayName: person.name });
      return;
    }
    const { link } = await (await owner.device()).api.invite.create({});
    await device.api.invite.claim({ invite: link, name: person.name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.people) await person.stopDaemon();
    await this.broker[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
