import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { cliFolder } from "../../packages/testkit/src/cli-folder.ts";
import { compileCache } from "../../packages/testkit/src/compile-cache.ts";
import { steadyPort } from "../../packages/testkit/src/steady-port.ts";
import { stopDaemons, untilOnline } from "./daemons.ts";

/** Only a verb that hangs reaches it, however busy the machine is. */
const commandTimeoutMs = 180_000;

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}

export interface UpLine {
  readonly schema_version: number;
  readonly url: string;
  readonly mesh: { readonly id: string; readonly slug: string; readonly name: string };
  readonly invite: { readonly link: string; readonly code: string } | null;
}

/** A folder with a home per person, the real program on its PATH, at most one broker, and the daemons that verbs start unless that is off. */
export class World implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-cli-"));
  #broker: { readonly child: ChildProcess; readonly owner: string } | undefined;

  readonly #env: Readonly<Record<string, string>>;
  readonly #binary: string;

  /** `programs` is where theirs lie; by default the bundle's where there is one. */
  constructor({
    daemon = "on",
    programs = cliFolder,
  }: {
    readonly daemon?: "off" | "on";
    readonly programs?: string;
  } = {}) {
    this.#env = daemon === "off" ? { CLAUDEMESH_DAEMON: "off" } : {};
    this.#binary = join(programs, "claudemesh.js");
    mkdirSync(join(this.folder, "bin"));
    symlinkSync(this.#binary, join(this.folder, "bin", "claudemesh"));
  }

  home(person: string): string {
    return join(this.folder, person);
  }

  environment(person: string): Record<string, string> {
    return {
      PATH: [join(this.folder, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(
        delimiter,
      ),
      HOME: this.folder,
      LANG: "C.UTF-8",
      CLAUDEMESH_HOME: this.home(person),
      ...compileCache,
      ...this.#env,
    };
  }

  /** Runs a shell line as `person`, with nothing on standard input. */
  async run(person: string, command: string): Promise<Ran> {
    const child = spawn("/bin/sh", ["-c", command], {
      env: this.environment(person),
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: commandTimeoutMs,
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
    const [exit] = (await once(child, "close")) as [number | null];
    return { ...texts, exit };
  }

  /** Starts `up --json` as `owner` and waits for its one line. */
  async startBroker(owner: string, ...flags: readonly string[]): Promise<UpLine> {
    const port = flags.includes("--port") ? [] : ["--port", String(await steadyPort())];
    const args = ["up", "--json", ...port, "--name", owner, ...flags];
    return (await this.spawnBroker(owner, args)) as UpLine;
  }

  /** Starts a verb that stays, as `owner`, and answers the JSON of its one line. */
  protected async spawnBroker(
    owner: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const child = spawn(process.execPath, [this.#binary, ...args], {
      // What transcripts have it watch and post to is the broker itself.
      env: { ...this.environment(owner), CLAUDEMESH_OUTBOUND_ALLOW: "127.0.0.1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#broker = { child, owner };
    let text = "";
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (errors += part));
    child.stdout.setEncoding("utf8");
    const ended = once(child, "close").then(() => {
      throw new Error(`the broker ended before it was ready: ${errors}`);
    });
    const ready = (async () => {
      for await (const part of child.stdout) {
        text += part;
        if (text.includes("\n")) return;
      }
      await ended;
    })();
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    return JSON.parse(text);
  }

  /** Has the others join the inviter's mesh under their own names, one after another, and waits until all see each other online where they have daemons. */
  async gather(inviter: string, others: readonly string[]): Promise<void> {
    const invite = `claudemesh invite --uses ${others.length} --json=link`;
    const { link } = JSON.parse(await this.must(inviter, invite)) as { link: string };
    for (const name of others) await this.must(name, `claudemesh join '${link}' --name ${name}`);
    for (const name of [inviter, ...others]) await untilOnline(this.home(name));
  }

  /** What a shell line prints. Throws when it fails. */
  protected async must(person: string, command: string): Promise<string> {
    const { stdout, stderr, exit } = await this.run(person, command);
    if (exit !== 0) throw new Error(`${person}$ ${command}\nexit code ${exit}\n${stderr}`);
    return stdout;
  }

  /** Ends the broker as Ctrl-C does; answers its exit code. */
  async stopBroker(): Promise<number | null> {
    const broker = this.#broker;
    this.#broker = undefined;
    if (!broker || broker.child.exitCode !== null) return broker?.child.exitCode ?? null;
    const closed = once(broker.child, "exit");
    broker.child.kill("SIGINT");
    const [exit] = (await closed) as [number | null];
    return exit;
  }

  /** Cuts a file of someone's home in half, as a bad disk would. */
  damage(person: string, file: string): void {
    const path = join(this.home(person), file);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopBroker();
    await stopDaemons(this.folder);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
