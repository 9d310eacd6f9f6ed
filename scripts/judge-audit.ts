interface Report {
  readonly error?: { readonly code?: string; readonly summary?: string };
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string }>
  >;
}

export interface AuditVerdict {
  readonly outcome: "failed" | "passed" | "skipped";
  readonly lines: readonly string[];
}

const failing = ["high", "critical"];

/** What `npm audit --json` printed, judged: high and critical findings fail, lesser ones are told, and an answer that is no report is a skip that says why. */
export function judgeAudit(printed: string): AuditVerdict {
  const report = reportIn(printed);
  if (report?.vulnerabilities === undefined) {
    const { code, summary } = report?.error ?? {};
    const why = [code, summary, report?.message].filter(Boolean).join(": ");
    return { outcome: "skipped", lines: [`no list of vulnerabilities: ${why || "no answer"}`] };
  }
  const found = Object.entries(report.vulnerabilities);
  const isFailed = found.some(([, { severity }]) => failing.includes(severity));
  return {
    outcome: isFailed ? "failed" : "passed",
    lines: found.map(([name, { range, severity }]) => `${severity}: ${name} ${range}`),
  };
}

function reportIn(printed: string): Report | undefined {
  try {
    const value: unknown = JSON.parse(printed);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
