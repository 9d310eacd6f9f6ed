import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { atOnce } from "../../apps/broker/src/store/postgres/append-at-once.ts";

/** Stands before a PostgreSQL server's socket, in a folder of its own; when told so, it lets one COMMIT, or one statement that commits by itself, through and cuts the line in place of its answer. */
export class CuttingProxy implements AsyncDisposable {
  readonly #server = createServer((client) => this.#join(client));
  readonly #target: string;
  readonly #open = new Set<Socket>();
  #isArmed = false;

  private constructor(target: string) {
    this.#target = target;
  }

  static async start(folder: string, target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(join(target, ".s.PGSQL.5432"));
    proxy.#server.listen(join(folder, ".s.PGSQL.5432"));
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The next commit is done and not answered. */
  cutNextCommit(): void {
    this.#isArmed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    let isCutting = false;
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#open.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on("data", (bytes) => {
      const commits = bytes.includes("COMMIT\0") || bytes.includes(`\0${atOnce}\0`);
      if (this.#isArmed && commits) {
        this.#isArmed = false;
        isCutting = true;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (isCutting) client.destroy();
      else client.write(bytes);
    });
  }
}
