import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian keeps servers out of users' PATH. */
const folders = () => [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];

/** Where nats-server is; undefined where there is none. */
export const natsProgram = (): string | undefined =>
  folders()
    .map((folder) => join(folder, "nats-server"))
    .find((path) => existsSync(path));

/** Why what needs one cannot run here, or false: what `node:test` wants in `skip`. */
export const withoutNats = (): string | false =>
  natsProgram() === undefined && "no nats-server is here: apt install nats-server";

/** A real nats-server on a port that it chose itself; each start may choose another. */
export class NatsServer implements AsyncDisposable {
  readonly #program: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "cm-nats-"));
  #process: ChildProcess | undefined;
  #port = 0;

  private constructor(program: string) {
    this.#program = program;
  }

  static async start(): Promise<NatsServer> {
    const program = natsProgram();
    if (program === undefined) throw new Error("there is no nats-server on this machine");
    const server = new NatsServer(program);
    await server.startAgain();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts it again after `kill`; resolves when it has said where it listens. */
  async startAgain(): Promise<void> {
    const args = ["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", this.#folder];
    const child = spawn(this.#program, args, { stdio: "ignore", detached: true });
    this.#process = child;
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`nats-server ended with ${code}`);
    });
    ended.catch(() => undefined);
    this.#port = await Promise.race([portIn(this.#folder, child.pid ?? 0), ended]);
  }

  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends it at once; what it held is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The port in the file that a server with this pid writes once it listens. */
function portIn(folder: string, pid: number): Promise<number> {
  const read = (): number | undefined => {
    const name = readdirSync(folder).find((file) => file.endsWith(`_${pid}.ports`));
    if (name === undefined) return undefined;
    const port = /nats:\/\/[^"]*:(\d+)/.exec(readFileSync(join(folder, name), "utf8"))?.[1];
    return port === undefined ? undefined : Number(port);
  };
  return new Promise((resolve) => {
    const look = () => {
      const port = read();
      if (port === undefined) return;
      watcher.close();
      resolve(port);
    };
    const watcher = watch(folder, look);
    look();
  });
}
