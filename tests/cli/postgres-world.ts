import { hostname } from "node:os";
import { steadyPort } from "../../packages/testkit/src/steady-port.ts";
import { type UpLine, World } from "./world.ts";

/** A world whose broker keeps everything in a PostgreSQL database. `up` never does that, so `broker start` and `mesh create` do what it does. */
export class PostgresWorld extends World {
  readonly #databaseUrl: string;
  readonly #shared: string | undefined;
  #made: Omit<UpLine, "url"> | undefined;

  /** With `shared`, the URL of a broker that others use as well, only the mesh is made. */
  constructor(databaseUrl: string, shared?: string) {
    super();
    this.#databaseUrl = databaseUrl;
    this.#shared = shared;
  }

  /** Starts only the broker; answers its URL. */
  async serve(person: string, ...flags: readonly string[]): Promise<string> {
    const port = flags.includes("--port") ? [] : ["--port", String(await steadyPort())];
    const args = ["broker", "start", "--json", ...port, ...flags];
    const generous = Object.fromEntries(
      ["ADDRESS", "JOIN"].map((rate) => [`CLAUDEMESH_RATE_${rate}`, "1000000/1000000"]),
    );
    const env = { DATABASE_URL: this.#databaseUrl, ...generous };
    const { url } = (await this.spawnBroker(person, args, env)) as { url: string };
    return url;
  }

  override async startBroker(owner: string, ...flags: readonly string[]): Promise<UpLine> {
    const url = this.#shared ?? (await this.serve(owner, ...flags));
    this.#made ??= await this.#make(owner, url);
    return { ...this.#made, url };
  }

  async #make(owner: string, url: string): Promise<Omit<UpLine, "url">> {
    const made = `claudemesh mesh create '${hostname()}' --broker ${url} --display-name ${owner} --json`;
    const { schema_version, id, slug, name } = JSON.parse(await this.must(owner, made));
    const invite = JSON.parse(await this.must(owner, "claudemesh invite --json=link,code"));
    return { schema_version, mesh: { id, slug, name }, invite };
  }
}
