// Loaded before a hook that is to be killed between two steps of its own: its output is in the pipe, and it has not said so to the daemon.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (...args) => {
  write(...args);
  process.kill(process.pid, "SIGKILL");
  return true;
};
