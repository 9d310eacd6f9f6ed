import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresBinaries } from "./binaries.ts";

/** PostgreSQL refuses to run as root; `nobody` may do nothing else. */
const nobody = 65_534;

/** A real server in a folder of its own, on a Unix socket alone; every commit is synced, as in production. */
export class PostgresServer implements AsyncDisposable {
  readonly #binaries: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(binaries: string, folder: string) {
    this.#binaries = binaries;
    this.#folder = folder;
  }

  /** Makes an empty cluster and starts it. */
  static async start(): Promise<PostgresServer> {
    const binaries = postgresBinaries();
    if (binaries === undefined) throw new Error("there is no PostgreSQL server on this machine");
    const folder = await mkdtemp(join(tmpdir(), "cm-pg-"));
    await chmod(folder, 0o755);
    if (process.getuid?.() === 0) await chown(folder, nobody, nobody);
    const server = new PostgresServer(binaries, folder);
    const initdb = server.#run("initdb", [
      ...["-D", server.#data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
      "--no-sync",
    ]);
    let words = "";
    initdb.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    const [code] = await once(initdb, "close");
    if (code !== 0) throw new Error(`initdb ended with ${code}: ${words}`);
    await server.startAgain();
    return server;
  }

  /** where it listens: the socket's path, for whoever stands between */
  get socket(): string {
    return join(this.#folder, ".s.PGSQL.5432");
  }

  /** the process that started all others of the server */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** `role` has no password: who reaches the socket is let in. */
  url(database = "postgres", role = "postgres"): string {
    return `postgres://${role}@localhost/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  /** Starts the server again after `stop` or `kill`; resolves when it takes connections. */
  async startAgain(): Promise<void> {
    const settings = [
      "listen_addresses=",
      `unix_socket_directories=${this.#folder}`,
      "max_connections=250",
      "shared_buffers=32MB",
    ];
    const child = this.#run("postgres", [
      ...["-D", this.#data],
      ...settings.flatMap((setting) => ["-c", setting]),
    ]);
    this.#process = child;
    let words = "";
    await new Promise<void>((resolve, reject) => {
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        words = `${words}${text}`.slice(-4_000);
        if (words.includes("ready to accept connections")) resolve();
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${words}`)));
    });
  }

  /** Ends it as a crash would: nothing is written out, every connection breaks off. */
  async kill(): Promise<void> {
    await this.#end("SIGQUIT");
  }

  /** Ends it, and takes its folder away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGQUIT");
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  #run(program: string, args: readonly string[]): ChildProcess {
    const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
    return spawn(join(this.#binaries, program), args, {
      ...as,
      cwd: this.#folder,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
  }
}
