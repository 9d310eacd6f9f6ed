// Runs a program in this terminal and tells the harness, over its socket, the process id and how it ended.
import { spawn } from "node:child_process";
import { connect } from "node:net";

const [socket = "", command = "", ...args] = process.argv.slice(2);
const harness = connect(socket);
const tell = (line: object) => harness.write(`${JSON.stringify(line)}\n`);

// An interrupt typed in the terminal is for the program.
process.on("SIGINT", () => undefined);
const child = spawn(command, args, { stdio: "inherit" });
child.on("spawn", () => tell({ pid: child.pid }));
child.on("close", (code, signal) => {
  tell({ exit: { code, signal } });
  harness.end();
});
