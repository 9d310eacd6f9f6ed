import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";

/** What a client sends that asks for TLS (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** A front for a PostgreSQL server's socket that speaks TLS with a certificate of its own making, for the name `localhost` alone. */
export class TlsFront implements AsyncDisposable {
  readonly certificate: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server, certificate: string) {
    this.#server = server;
    this.certificate = certificate;
  }

  /** `speaksTls` false: it says that it has none. */
  static async start(folder: string, target: string, speaksTls = true): Promise<TlsFront> {
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-keyout", keyFile, "-out", certFile, "-days", "2", "-subj", "/CN=localhost"],
        ...["-addext", "subjectAltName=DNS:localhost"],
      ],
      { stdio: "ignore" },
    );
    const [key, cert] = [readFileSync(keyFile), readFileSync(certFile)];
    const server = createServer();
    const front = new TlsFront(server, certFile);
    server.on("connection", (socket) => {
      front.#keep(socket);
      socket.once("data", (first) => {
        if (!first.equals(sslRequest)) return front.#join(socket, target, first);
        socket.write(speaksTls ? "S" : "N");
        if (!speaksTls) return front.#join(socket, target);
        const inner = new TLSSocket(socket, { isServer: true, key, cert });
        inner.on("error", () => socket.destroy());
        front.#join(inner, target);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket, target: string, first?: Buffer): void {
    const far = connect(target);
    this.#keep(far);
    if (first !== undefined) far.write(first);
    near.pipe(far).pipe(near);
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#open.delete(socket));
  }
}
