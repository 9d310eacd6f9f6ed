import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type Resources, temporaryFolder } from "../resources.ts";
import { bundledProgram } from "./bundle.ts";

/** One person's home, whose daemon is that of the bundle; it ends with the bench. */
export class BenchHome {
  readonly folder: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(resources: Resources, broker?: string) {
    const parent = temporaryFolder(resources);
    this.folder = join(parent, "home");
    mkdirSync(this.folder, { mode: 0o700 });
    this.program = bundledProgram(resources);
    this.env = {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: parent,
      CLAUDEMESH_HOME: this.folder,
      ...(broker === undefined ? {} : { CLAUDEMESH_BROKER: broker }),
    };
    resources.defer(async () => {
      await this.run(["daemon", "stop"]);
    });
  }

  get socketPath(): string {
    return join(this.folder, "daemon.sock");
  }

  /** Runs a verb, which has to succeed; answers what it printed. */
  async run(args: readonly string[], input = ""): Promise<string> {
    const child = spawn(process.execPath, [this.program, ...args], { env: this.env });
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const exit = await ended;
    if (exit !== 0) throw new Error(`claudemesh ${args.join(" ")}: exit ${exit}: ${error}`);
    return out;
  }

  /** The process of its daemon. */
  async daemonPid(): Promise<number> {
    const { pid } = JSON.parse(await this.run(["daemon", "status", "--json"])) as { pid: number };
    return pid;
  }
}

/** Two people in one mesh on this broker, each with a daemon. */
export async function pairOn(resources: Resources, broker: string) {
  const [alice, bob] = [new BenchHome(resources, broker), new BenchHome(resources, broker)];
  await alice.run(["mesh", "create", "Team", "--display-name", "alice"]);
  const { link } = JSON.parse(await alice.run(["invite", "--json"])) as { link: string };
  await bob.run(["join", link, "--name", "bob"]);
  return { alice, bob };
}
