// Loaded before each test file by the test pool: says what a file that does not end still waits for.
const ms = Number(process.env.TEST_DEADLINE_MS);
// A test's own processes load nothing of this.
delete process.env.TEST_DEADLINE_MS;

if (ms > 0) {
  const last = setTimeout(() => {
    const waits = process.getActiveResourcesInfo().join(", ");
    process.stderr.write(`\nthis file is not over after ${ms / 1000} s; it waits for: ${waits}\n`);
  }, ms);
  last.unref();
}
