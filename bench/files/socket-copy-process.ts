import { open } from "node:fs/promises";
import { createServer } from "node:net";

// The reference's other end: writes what one connection sends to a file, has it on stable storage, and says so.
const [path = ""] = process.argv.slice(2);
const server = createServer({ allowHalfOpen: true, highWaterMark: 1 << 18 }, async (socket) => {
  const file = await open(path, "w", 0o600);
  for await (const chunk of socket as AsyncIterable<Buffer>) await file.write(chunk);
  await file.sync();
  await file.close();
  socket.end("done");
});
server.on("connection", (socket) => socket.on("error", () => {}));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  console.log(JSON.stringify({ port: (server.address() as { port: number }).port }));
});
