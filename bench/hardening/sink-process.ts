// Refuses whoever comes as cheaply as a server can: what a flood costs the machine itself, without the broker. Says where it listens.
import { createServer } from "node:net";

const refusal = "HTTP/1.1 429 Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => socket.end(refusal));
});
process.on("SIGTERM", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
